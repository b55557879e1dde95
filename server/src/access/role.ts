import type { PermissionName } from '../kernel/index.ts'
import type { Grants } from './grants.ts'
import type { NamedFields, Role } from './named.ts'

/** A role with what it permits, sorted. */
export interface RoleWithPermissions extends Role {
  readonly permissions: readonly PermissionName[]
}

export interface RoleFields extends NamedFields {
  /** `resource:action` each. */
  readonly permissions: readonly string[]
}

export const withPermissions = (role: Role, grants: Grants): RoleWithPermissions => ({
  ...role,
  permissions: grants.get(role.id)?.permissions ?? [],
})
