import type { ConditionalActing, PermissionName } from '../kernel/index.ts'
import type { AccessStores } from './access-stores.ts'
import type { RolePermissions } from './grants.ts'
import type { NamedFields, Role } from './named.ts'

/** A role with what it permits, sorted. */
export interface RoleWithPermissions extends Role {
  readonly permissions: readonly PermissionName[]
}

export interface RoleFields extends NamedFields {
  /** `resource:action` each. */
  readonly permissions: readonly string[]
}

/** What can be changed of a role; absent fields stay as they are. */
export interface RoleChanges extends Partial<NamedFields> {
  /** All of them from now on, or one that is given or taken. */
  readonly permissions?: readonly string[] | PermissionStep
}

/** `resource:action`. Given twice or taken twice, it is as if once. */
export type PermissionStep = { readonly give: string } | { readonly take: string }

/** Asks what the caller demands of the role, which this transaction has locked. */
export async function assertUnchanged(
  { permissions }: Pick<AccessStores, 'permissions'>,
  { precondition }: ConditionalActing<RoleWithPermissions>,
  role: Role,
): Promise<void> {
  precondition?.(withPermissions(role, await permissions.permissionsOfRoles([role.id])))
}

export const withPermissions = (role: Role, rolePermissions: RolePermissions): RoleWithPermissions => ({
  ...role,
  permissions: rolePermissions.get(role.id)?.permissions ?? [],
})
