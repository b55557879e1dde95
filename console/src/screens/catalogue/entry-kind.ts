import type { Action, Resource } from '@propusk/client'
import type { AccessChange } from '../../access/index.ts'
import { api } from '../../session/index.ts'
import { builtInActions, builtInResources } from './built-ins.ts'
import type { NamedValues } from './named-modal.tsx'
import { useActionsText, useResourcesText } from './words.ts'

export type Entry = Resource | Action

/** How resources and actions differ; everything else of their screens is the same. */
export interface EntryKind {
  readonly room: 'resources' | 'actions'
  readonly to: '/console/resources' | '/console/actions'
  readonly toOne: '/console/resources/$id' | '/console/actions/$id'
  readonly listId: 'listResources' | 'listActions'
  /** The same of the other half: a permission is a resource and an action. */
  readonly otherRoom: 'resources' | 'actions'
  readonly otherListId: 'listResources' | 'listActions'
  readonly builtIns: readonly string[]
  useText(): ReturnType<typeof useResourcesText>
  read(id: number, signal: AbortSignal): Promise<Entry>
  create(body: NamedValues): Promise<Entry>
  change(id: number, body: Partial<NamedValues>): Promise<Entry>
  delete(id: number): Promise<unknown>
  deletion(codeName: string): AccessChange
  /** The permission that this one makes with one of the other half. */
  permission(codeName: string, other: string): string
}

export const resourceKind: EntryKind = {
  room: 'resources',
  to: '/console/resources',
  toOne: '/console/resources/$id',
  listId: 'listResources',
  otherRoom: 'actions',
  otherListId: 'listActions',
  builtIns: builtInResources,
  useText: useResourcesText,
  read: (id, signal) => api.call('readResource', { params: { id }, signal }),
  create: body => api.call('createResource', { body }),
  change: (id, body) => api.call('changeResource', { params: { id }, body }),
  delete: id => api.call('deleteResource', { params: { id } }),
  deletion: resource => ({ kind: 'delete_resource', resource }),
  permission: (resource, action) => `${resource}:${action}`,
}

export const actionKind: EntryKind = {
  room: 'actions',
  to: '/console/actions',
  toOne: '/console/actions/$id',
  listId: 'listActions',
  otherRoom: 'resources',
  otherListId: 'listResources',
  builtIns: builtInActions,
  useText: useActionsText,
  read: (id, signal) => api.call('readAction', { params: { id }, signal }),
  create: body => api.call('createAction', { body }),
  change: (id, body) => api.call('changeAction', { params: { id }, body }),
  delete: id => api.call('deleteAction', { params: { id } }),
  deletion: action => ({ kind: 'delete_action', action }),
  permission: (action, resource) => `${resource}:${action}`,
}
