import { message, type Principal, Rejection, type RoleId, type UserId } from '../kernel/index.ts'
import type { AccessStores } from './access-stores.ts'
import { missingFrom, type Rights } from './rights.ts'
import type { RightsStore } from './rights-store.ts'

/**
 * A caller may not change, deactivate or log out an account that holds a permission the caller lacks, and only a
 * superuser may do so to a superuser: `permission_denied` otherwise. The caller's own account passes; the route decides
 * what of it may be changed.
 */
export async function assertMayTouch(
  { rights }: { readonly rights: RightsStore },
  principal: Principal,
  userId: UserId,
): Promise<void> {
  if (principal.userId === userId) return
  const own = await rights.ofCaller(principal)
  if (own.isSuperuser) return
  const theirs = await rights.of(userId)
  if (theirs.isSuperuser) {
    throw new Rejection('permission_denied', { detail: message('permission.superuser_only') })
  }
  const permission = missingFrom(own, [...theirs.permissions].sort())
  if (permission !== undefined) {
    throw new Rejection('permission_denied', { detail: message('permission.outranked', { permission }) })
  }
}

/**
 * Deleting or renaming a role changes what its holders have. It is refused with `permission_denied` where a holder is a
 * superuser, or holds a permission that the caller lacks (ADR 33).
 *
 * INVARIANT: the role is locked by this transaction. Roles are given and taken under the same lock, so no user of a
 * higher rank comes to hold it meanwhile.
 */
export async function assertNoHigherHolder(
  { rights, permissions, assignments }: Pick<AccessStores, 'rights' | 'permissions' | 'assignments'>,
  principal: Principal | null,
  roleId: RoleId,
): Promise<void> {
  if (principal === null) return
  const own = await rights.ofCaller(principal)
  if (own.isSuperuser) return
  const rolePermissions = [...(await permissions.permissionsOfAllRoles())]
  const higher = rolePermissions.filter(
    ([, rolePermission]) => missingFrom(own, rolePermission.permissions) !== undefined,
  )
  const higherIds = higher.map(([id]) => id)
  if (await assignments.isSharedWith(roleId, higherIds)) {
    throw new Rejection('permission_denied', { detail: message('role.higher_holder') })
  }
}

/** A caller may grant or revoke only permissions that the caller holds. */
export function assertHolds(rights: Rights, permissions: Iterable<string>): void {
  const permission = missingFrom(rights, permissions)
  if (permission !== undefined) {
    throw new Rejection('permission_denied', { detail: message('permission.not_held', { permission }) })
  }
}
