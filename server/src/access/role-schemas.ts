import { Type } from '../http/index.ts'
import { closed, namedPatch, namedRow, namedWrite, toNamedBody } from './field-schemas.ts'
import type { RoleWithPermissions } from './role.ts'

const PermissionNames = Type.Array(Type.String({ maxLength: 201 }), {
  maxItems: 1000,
  uniqueItems: true,
  description: 'Each as `resource:action`. Both must exist; the permission itself need not yet.',
})

export const RoleBody = Type.Object(
  {
    ...namedRow,
    permissions: Type.Array(Type.String(), { description: 'Each as `resource:action`, sorted.' }),
  },
  { $id: 'Role' },
)

export const RoleWriteBody = Type.Object(
  { ...namedWrite, permissions: Type.Optional(PermissionNames) },
  { $id: 'RoleWrite', ...closed },
)

export const RolePatchBody = Type.Object(
  { ...namedPatch, permissions: Type.Optional(PermissionNames) },
  { $id: 'RolePatch', minProperties: 1, ...closed },
)

export const toRoleBody = (role: RoleWithPermissions) => ({
  ...toNamedBody(role),
  permissions: [...role.permissions],
})

export const roleWriteExample = {
  name: 'Editor',
  code_name: 'editor',
  description: 'Writes and approves documents.',
  permissions: ['documents:approve', 'documents:read', 'documents:update'],
}

export const roleExample = { id: 4, ...roleWriteExample }
