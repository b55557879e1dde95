import type { ActionId, Listed, Page, PageRequest, ResourceId, RoleId } from '../kernel/index.ts'
import type { Named, NamedFields } from './named.ts'

export type NamedColumn = 'id' | 'name' | 'code_name' | 'description'

/**
 * Rows with unique names. Writers hold the turn of `PermissionStore.takeTurn`, so what they have looked at stays
 * true until they commit; the unique indexes stand behind it.
 */
export interface NamedStore<Id extends number> {
  findById(id: Id): Promise<Named<Id> | undefined>
  /** In the order of their ids; unknown code names are left out. */
  findByCodeNames(codeNames: readonly string[]): Promise<readonly Named<Id>[]>
  /** Which of the two another row than `except` has already. */
  findTaken(fields: Partial<NamedFields>, except?: Id): Promise<readonly ('name' | 'codeName')[]>
  /** The row as it stands, locked until the transaction ends. */
  lock(id: Id): Promise<Named<Id> | undefined>
  add(fields: NamedFields): Promise<Named<Id>>
  /** The row must exist. */
  update(id: Id, fields: NamedFields): Promise<Named<Id>>
  /** With everything that rests on it: grants and, of a role, its assignments. */
  delete(id: Id): Promise<void>
  list(page: PageRequest<NamedColumn>): Promise<Page<Listed<Named<Id>>>>
  /** Of every row, by code name. */
  readNames(): Promise<readonly Pick<Named<Id>, 'id' | 'name' | 'codeName'>[]>
}

export type RoleStore = NamedStore<RoleId>
export type ResourceStore = NamedStore<ResourceId>
export type ActionStore = NamedStore<ActionId>
