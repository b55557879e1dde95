import type { CatalogueEntry } from '@propusk/gate/core'
import type { NewChange } from '../changes/index.ts'
import {
  type ActionId,
  assertName,
  type Listed,
  type Message,
  message,
  Rejection,
  type ResourceId,
  skeletonOf,
} from '../kernel/index.ts'
import type {
  ActionStore,
  Named,
  NamedColumn,
  NamedFields,
  NamedStore,
  ResourceStore,
} from './named-store.sql.ts'
import type { PermissionOf } from './permission-store.sql.ts'

/** Every resource and every action that there is: without them a gate allows nothing. */
export async function readCatalogue(stores: {
  readonly resources: Pick<ResourceStore, 'readNames'>
  readonly actions: Pick<ActionStore, 'readNames'>
}): Promise<readonly CatalogueEntry[]> {
  const resources = await stores.resources.readNames()
  const actions = await stores.actions.readNames()
  return [
    ...resources.map(({ id, codeName }) => ({ part: 'resource', entryId: id, codeName }) as const),
    ...actions.map(({ id, codeName }) => ({ part: 'action', entryId: id, codeName }) as const),
  ]
}

/** What gates must hear of: an entry has this code name from now on, or is gone. */
export const entryChange = (
  { part }: Pick<EntryKind<number>, 'part'>,
  entryId: number,
  codeName: string | null,
): NewChange => ({ kind: 'catalogue_entry', part, entryId, codeName })

/** The two halves of a permission differ in nothing but their table: a row of this says which one is meant. */
export interface EntryKind<Id extends number> {
  readonly part: 'resource' | 'action'
  readonly table: 'resources' | 'actions'
  storeOf(stores: { readonly resources: ResourceStore; readonly actions: ActionStore }): NamedStore<Id>
  permissionsOf(id: Id): PermissionOf
}

export const resourceKind: EntryKind<ResourceId> = {
  part: 'resource',
  table: 'resources',
  storeOf: stores => stores.resources,
  permissionsOf: resourceId => ({ resourceId }),
}

export const actionKind: EntryKind<ActionId> = {
  part: 'action',
  table: 'actions',
  storeOf: stores => stores.actions,
  permissionsOf: actionId => ({ actionId }),
}

export const maxNameCharacters = 100

/**
 * Refuses a name that is none with 400, and with 409 and each field named what another row than `current` has already: the
 * code name, and a name that a reader would take for the same. What `current` is called stays as it is, also where it
 * would be refused today. The caller holds the turn, so no other row comes between.
 */
export async function assertNamesAreFree<Id extends number>(
  store: Pick<NamedStore<Id>, 'findTaken' | 'readNames'>,
  fields: NamedFields,
  current?: Named<Id>,
): Promise<void> {
  const isNew = fields.name !== current?.name
  if (isNew) assertName(fields.name, maxNameCharacters)
  const taken = await store.findTaken(fields, current?.id)
  const names = taken.includes('name')
    ? [message('name.taken')]
    : isNew
      ? await findAlike(store, fields.name, current?.id)
      : []
  if (taken.length === 0 && names.length === 0) return
  throw new Rejection('conflict', {
    errors: {
      ...(names.length > 0 && { name: names }),
      ...(taken.includes('codeName') && { code_name: [message('code_name.taken')] }),
    },
  })
}

/** There are few of these rows, so that all are compared: an index would have to be filled for rows of older releases (ADR 33). */
async function findAlike<Id extends number>(
  store: Pick<NamedStore<Id>, 'readNames'>,
  name: string,
  except: Id | undefined,
): Promise<readonly Message[]> {
  const skeleton = skeletonOf(name)
  const rows = await store.readNames()
  const other = rows.find(row => row.id !== except && skeletonOf(row.name) === skeleton)
  return other === undefined ? [] : [message('name.alike', { name: other.name })]
}

/** Where the value of each ordering stands in a row; null stands as in the ORDER BY of the store: as if empty. A name is ordered by a key that the store knows. */
export const namedOrderings = {
  id: row => row.id,
  name: row => row.place,
  code_name: row => row.codeName,
  description: row => row.description ?? '',
} satisfies Record<NamedColumn, (row: Listed<Named<number>>) => Listed<unknown>['place']>
