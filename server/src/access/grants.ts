import type { NewChange } from '../changes/index.ts'
import type { EpochMs, PermissionName, RoleId } from '../kernel/index.ts'

/** What roles permit, by the id of the role. Permissions are sorted. */
export type RolePermissions = ReadonlyMap<
  RoleId,
  { readonly codeName: string; readonly permissions: readonly PermissionName[] }
>

export const noRolePermissions: RolePermissions = new Map()

/** Every permission that some role has gained or lost, sorted: who did it must hold them all. */
export function permissionsMoved(before: RolePermissions, after: RolePermissions): readonly PermissionName[] {
  const moved = new Set<PermissionName>()
  for (const id of idsOf(before, after)) {
    const old = new Set(before.get(id)?.permissions)
    const now = new Set(after.get(id)?.permissions)
    for (const name of old.symmetricDifference(now)) moved.add(name)
  }
  return [...moved].sort()
}

/**
 * The changes that the gates must hear of, by the id of the role; a code name that is given up comes before one that is
 * taken. One change for each role, not for each holder: tokens and gates know a role by its id. For a name that is
 * taken the change says since when, for tokens that only name their roles.
 */
export function rolePermissionChanges(
  before: RolePermissions,
  after: RolePermissions,
  nowMs: EpochMs,
): readonly NewChange[] {
  const given: NewChange[] = []
  const taken: NewChange[] = []
  for (const id of idsOf(before, after)) {
    const old = before.get(id)
    const now = after.get(id)
    if (old !== undefined && old.codeName !== now?.codeName) {
      // A role that is only renamed goes on: what is given up then is the name, of which release 0.1.0 must hear.
      const roleId = now === undefined ? id : null
      given.push({ kind: 'role_permissions', roleId, role: old.codeName, permissions: null })
    }
    const isSame = old?.codeName === now?.codeName && old?.permissions.join() === now?.permissions.join()
    if (now !== undefined && old?.codeName !== now.codeName) {
      taken.push({ kind: 'role_made', role: now.codeName, atMs: nowMs })
    }
    if (now !== undefined && !isSame) {
      taken.push({ kind: 'role_permissions', roleId: id, role: now.codeName, permissions: now.permissions })
    }
  }
  return [...given, ...taken]
}

const idsOf = (before: RolePermissions, after: RolePermissions): readonly RoleId[] =>
  [...new Set([...before.keys(), ...after.keys()])].sort((a, b) => a - b)
