import type { RoleId } from '../kernel/index.ts'
import type { AccessStores, TimedActor } from './access-stores.ts'
import { type Effects, effectsBetween, readConcerned } from './effects.ts'
import { noRolePermissions, permissionsMoved, type RolePermissions, rolePermissionChanges } from './grants.ts'
import { assertHolds } from './rank.ts'

type Stores = Pick<AccessStores, 'rights' | 'roles' | 'permissions' | 'changes' | 'assignments'>

interface WrittenRolePermissions<T> {
  readonly written: T
  readonly before: RolePermissions
  readonly after: RolePermissions
  /** Who lost and who gained what by it, for the audit. */
  readonly effects: Effects
}

/**
 * Carries out a write that may change what roles permit, then checks the difference and appends the changes. Every
 * permission that a role gained or lost, under whatever name, must be held by the caller; else the Rejection
 * `permission_denied` rolls everything back. `roleIds` are the roles that stand to change; `madeRole` names one
 * that the write made.
 *
 * INVARIANT: the rights are read before the write: a rename could give them to the one who asks.
 */
export async function writeRolePermissions<T>(
  stores: Stores,
  { principal, nowMs }: TimedActor,
  roleIds: readonly RoleId[],
  write: () => Promise<T>,
  madeRole?: (written: T) => RoleId,
): Promise<WrittenRolePermissions<T>> {
  const { rights, permissions, changes } = stores
  const own = principal === null ? undefined : await rights.ofCaller(principal)
  const before = await lockRolePermissions(stores, roleIds)
  const concerned = await readConcerned(stores, roleIds)
  const written = await write()
  const after = await permissions.permissionsOfRoles(madeRole ? [...roleIds, madeRole(written)] : roleIds)
  if (own !== undefined) assertHolds(own, permissionsMoved(before, after))
  await changes.appendAll(rolePermissionChanges(before, after, nowMs), nowMs)
  return { written, before, after, effects: effectsBetween(before, after, concerned) }
}

/** INVARIANT: roles are locked in the order of their ids, here as everywhere, to avoid a deadlock. */
async function lockRolePermissions(
  { roles, permissions }: Stores,
  roleIds: readonly RoleId[],
): Promise<RolePermissions> {
  if (roleIds.length === 0) return noRolePermissions
  for (const id of roleIds.toSorted((a, b) => a - b)) await roles.lock(id)
  return await permissions.permissionsOfRoles(roleIds)
}
