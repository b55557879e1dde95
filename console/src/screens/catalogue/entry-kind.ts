import type { Action, Resource } from '@propusk/client'
import { type AccessChange, builtInActions, builtInResources } from '../../access/index.ts'
import { api, type WithVersion, withVersion } from '../../session/index.ts'
import { useActionsText, useResourcesText } from './messages.ts'
import type { NamedValues } from './named-modal.tsx'

export type Entry = Resource | Action

/** How resources and actions differ; everything else of their screens is the same. */
export interface EntryKind {
  readonly resource: 'resources' | 'actions'
  readonly to: '/console/resources' | '/console/actions'
  readonly toOne: '/console/resources/$id' | '/console/actions/$id'
  readonly listId: 'listResources' | 'listActions'
  /** The same of the other half: a permission is a resource and an action. */
  readonly otherResource: 'resources' | 'actions'
  readonly otherListId: 'listResources' | 'listActions'
  readonly builtIns: readonly string[]
  useText(): ReturnType<typeof useResourcesText>
  read(id: number, signal?: AbortSignal): Promise<WithVersion<Entry>>
  create(body: NamedValues): Promise<Entry>
  /** Rejects with `precondition_failed` when the entry has another version by now. */
  change(id: number, body: Partial<NamedValues>, ifMatch?: string): Promise<WithVersion<Entry>>
  delete(id: number, ifMatch?: string): Promise<unknown>
  deletion(codeName: string): AccessChange
  /** The permission that this one makes with one of the other half. */
  permission(codeName: string, other: string): string
}

export const resourceKind: EntryKind = {
  resource: 'resources',
  to: '/console/resources',
  toOne: '/console/resources/$id',
  listId: 'listResources',
  otherResource: 'actions',
  otherListId: 'listActions',
  builtIns: builtInResources,
  useText: useResourcesText,
  read: (id, signal) =>
    withVersion(api.callVersioned('readResource', { params: { id }, ...(signal && { signal }) })),
  create: body => api.call('createResource', { body }),
  change: (id, body, ifMatch) =>
    withVersion(api.callVersioned('changeResource', { params: { id }, body, ifMatch })),
  delete: (id, ifMatch) => api.call('deleteResource', { params: { id }, ifMatch }),
  deletion: resource => ({ kind: 'delete_resource', resource }),
  permission: (resource, action) => `${resource}:${action}`,
}

export const actionKind: EntryKind = {
  resource: 'actions',
  to: '/console/actions',
  toOne: '/console/actions/$id',
  listId: 'listActions',
  otherResource: 'resources',
  otherListId: 'listResources',
  builtIns: builtInActions,
  useText: useActionsText,
  read: (id, signal) =>
    withVersion(api.callVersioned('readAction', { params: { id }, ...(signal && { signal }) })),
  create: body => api.call('createAction', { body }),
  change: (id, body, ifMatch) =>
    withVersion(api.callVersioned('changeAction', { params: { id }, body, ifMatch })),
  delete: (id, ifMatch) => api.call('deleteAction', { params: { id }, ifMatch }),
  deletion: action => ({ kind: 'delete_action', action }),
  permission: (action, resource) => `${resource}:${action}`,
}
