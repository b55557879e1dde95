import {
  entityTagOf,
  IdParams,
  type ListSpec,
  listParameters,
  type PreconditionOn,
  pageSchema,
  type Route,
  route,
  searchParameter,
  Type,
} from '../http/index.ts'
import { type PermissionId, Rejection } from '../kernel/index.ts'
import { closed } from './field-schemas.ts'
import type { Permission, PermissionColumn } from './permission-store.sql.ts'
import { createPermission, deletePermission, updatePermission } from './permissions.ts'
import type { AccessRouteDeps } from './routes.ts'

const tag = 'Permissions'
const permitted = { resource_name: 'permissions' } as const

const PermissionBody = Type.Object(
  { id: Type.Integer(), resource: Type.String(), action: Type.String() },
  { $id: 'Permission' },
)
const ResourceField = Type.String({
  minLength: 1,
  maxLength: 100,
  description: 'Code name of a resource that exists.',
})
const ActionField = Type.String({
  minLength: 1,
  maxLength: 100,
  description: 'Code name of an action that exists.',
})
const PermissionWriteBody = Type.Object(
  { resource: ResourceField, action: ActionField },
  { $id: 'PermissionWrite', ...closed },
)
const PermissionPatchBody = Type.Object(
  { resource: Type.Optional(ResourceField), action: Type.Optional(ActionField) },
  { $id: 'PermissionPatch', minProperties: 1, ...closed },
)

const writeExample = { resource: 'documents', action: 'approve' }
const example = { id: 31, ...writeExample }

const permissionList: ListSpec<Permission, PermissionColumn> = {
  path: '/api/auth/permissions/',
  orderings: {
    id: permission => permission.id,
    resource: permission => permission.resource,
    action: permission => permission.action,
  },
  defaultOrdering: 'id',
  idOf: permission => permission.id,
}

const toBody = ({ id, resource, action }: Permission) => ({ id, resource, action })

const answer = (description: string) =>
  ({ status: 200, description, schema: PermissionBody, example, etag: entityTagOf }) as const

const onPermission = (precondition: PreconditionOn) =>
  precondition((permission: Permission) => entityTagOf(toBody(permission)))

export const permissionRoutes = (deps: AccessRouteDeps): readonly Route[] => [
  route({
    method: 'GET',
    path: '/permissions/',
    access: permitted,
    operationId: 'listPermissions',
    tag,
    summary: 'List permissions',
    description:
      'A page of the permissions that exist. `search` looks into the names of the resource and of the action, and into `resource:action`.',
    query: Type.Object({ ...listParameters, search: searchParameter }, { additionalProperties: false }),
    success: {
      status: 200,
      description: 'One page.',
      schema: pageSchema(PermissionBody, 'PermissionPage'),
      example: { next: null, previous: null, results: [example] },
    },
    async handler({ query }) {
      const page = await deps.stores.permissions.list(deps.pager.read(permissionList, query))
      return deps.pager.answer(permissionList, query, page, toBody)
    },
  }),

  route({
    method: 'POST',
    path: '/permissions/',
    access: permitted,
    operationId: 'createPermission',
    tag,
    summary: 'Create a permission',
    description:
      'Creates a permission of a resource and an action that exist. It permits nothing to anyone until a role is given it.',
    body: PermissionWriteBody,
    bodyExample: writeExample,
    success: { ...answer('The permission exists.'), status: 201 },
    rejections: ['conflict'],
    async handler({ principal, body, origin }) {
      return toBody(await createPermission(deps, { principal, origin }, body))
    },
  }),

  route({
    method: 'GET',
    path: '/permissions/:id/',
    access: permitted,
    operationId: 'readPermission',
    tag,
    summary: 'Read a permission',
    description: 'One permission.',
    params: IdParams,
    success: answer('The permission.'),
    rejections: ['not_found'],
    async handler({ params }) {
      const permission = await deps.stores.permissions.findById(params.id as PermissionId)
      if (permission === undefined) throw new Rejection('not_found')
      return toBody(permission)
    },
  }),

  route({
    method: 'PUT',
    path: '/permissions/:id/',
    access: permitted,
    operationId: 'replacePermission',
    takesIfMatch: true,
    tag,
    summary: 'Replace a permission',
    description:
      'Turns this permission into another, in every role that holds it. Who asks must then hold the old one and the new one.',
    params: IdParams,
    body: PermissionWriteBody,
    bodyExample: writeExample,
    success: answer('The permission as it is now.'),
    rejections: ['not_found', 'conflict'],
    async handler({ principal, params, body, origin, precondition }) {
      const caller = { principal, origin, precondition: onPermission(precondition) }
      return toBody(await updatePermission(deps, caller, params.id as PermissionId, body))
    },
  }),

  route({
    method: 'PATCH',
    path: '/permissions/:id/',
    access: permitted,
    operationId: 'changePermission',
    takesIfMatch: true,
    tag,
    summary: 'Change a permission',
    description: 'Changes one half or both, by the rules of `PUT`.',
    params: IdParams,
    body: PermissionPatchBody,
    bodyExample: { action: 'export' },
    success: answer('The permission as it is now.'),
    rejections: ['not_found', 'conflict'],
    async handler({ principal, params, body, origin, precondition }) {
      const caller = { principal, origin, precondition: onPermission(precondition) }
      return toBody(await updatePermission(deps, caller, params.id as PermissionId, body))
    },
  }),

  route({
    method: 'DELETE',
    path: '/permissions/:id/',
    access: permitted,
    operationId: 'deletePermission',
    takesIfMatch: true,
    tag,
    summary: 'Delete a permission',
    description: 'Deletes the permission and takes it from every role: who asks must then hold it.',
    params: IdParams,
    success: { status: 204, description: 'The permission is gone.' },
    rejections: ['not_found'],
    async handler({ principal, params, origin, precondition }) {
      const caller = { principal, origin, precondition: onPermission(precondition) }
      await deletePermission(deps, caller, params.id as PermissionId)
    },
  }),
]
