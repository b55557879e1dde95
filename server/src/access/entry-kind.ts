import type { ActionId, ResourceId } from '../kernel/index.ts'
import type { ActionStore, NamedStore, ResourceStore } from './named-store.ts'
import type { PermissionOf } from './permission-store.ts'

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
