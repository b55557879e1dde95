import type { RoleId } from '../kernel/index.ts'

/** What roles, resources and actions have in common: a name for people and a code name for programs. */
export interface Named<Id extends number> {
  readonly id: Id
  readonly name: string
  readonly codeName: string
  readonly description: string | null
  /** The server's own routes rest on it: neither deleted nor renamed. A role never is. */
  readonly isBuiltin: boolean
}

export type NamedFields = Pick<Named<number>, 'name' | 'codeName' | 'description'>

export type Role = Named<RoleId>
