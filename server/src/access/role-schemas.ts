import { entityTagOf, type Static, Type } from '../http/index.ts'
import { closed, namedPatch, namedRow, namedWrite, toNamedBody } from './field-schemas.ts'
import { maxPermissions } from './role-permissions.ts'
import type { RoleWithPermissions } from './roles.ts'

const PermissionNames = Type.Array(Type.String({ maxLength: 201 }), {
  maxItems: maxPermissions,
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

/** A replacement must list the permissions: a body that leaves them out by mistake takes nothing away. */
export const RoleReplaceBody = Type.Object(
  { ...namedWrite, permissions: PermissionNames },
  { $id: 'RoleReplace', ...closed },
)

export const RolePatchBody = Type.Object(
  { ...namedPatch, permissions: Type.Optional(PermissionNames) },
  { $id: 'RolePatch', minProperties: 1, ...closed },
)

export const toRoleBody = (role: RoleWithPermissions) => ({
  ...toNamedBody(role),
  permissions: [...role.permissions],
})

export const roleEtag = (body: Static<typeof RoleBody>): string => entityTagOf(body)

export const roleWriteExample = {
  name: 'Editor',
  code_name: 'editor',
  description: 'Writes and approves documents.',
  permissions: ['documents:approve', 'documents:read', 'documents:update'],
}

export const roleExample = { id: 4, ...roleWriteExample }
