import type { NewChange } from '../changes/index.ts'
import type { EpochMs, PermissionName, RoleId } from '../kernel/index.ts'

/** What roles permit, by the id of the role. Permissions are sorted. */
export type Grants = ReadonlyMap<
  RoleId,
  { readonly codeName: string; readonly permissions: readonly PermissionName[] }
>

export const noGrants: Grants = new Map()

/** Every permission that some role has gained or lost, sorted: who did it must hold them all. */
export function permissionsMoved(before: Grants, after: Grants): readonly PermissionName[] {
  const moved = new Set<PermissionName>()
  for (const id of idsOf(before, after)) {
    const old = new Set(before.get(id)?.permissions)
    const now = new Set(after.get(id)?.permissions)
    for (const name of old.symmetricDifference(now)) moved.add(name)
  }
  return [...moved].sort()
}

/**
 * What the gates must hear of, by the id of the role; a code name that is given up comes before one that is taken.
 * Of a name that is taken they hear since when: a sign-in that went on while an earlier role of that name was
 * deleted may end with a token that names it.
 */
export function grantChanges(before: Grants, after: Grants, nowMs: EpochMs): readonly NewChange[] {
  const given: NewChange[] = []
  const taken: NewChange[] = []
  for (const id of idsOf(before, after)) {
    const old = before.get(id)
    const now = after.get(id)
    if (old !== undefined && old.codeName !== now?.codeName) {
      given.push({ kind: 'role_permissions', role: old.codeName, permissions: null })
    }
    const isSame = old?.codeName === now?.codeName && old?.permissions.join() === now?.permissions.join()
    if (now !== undefined && old?.codeName !== now.codeName) {
      taken.push({ kind: 'role_made', role: now.codeName, atMs: nowMs })
    }
    if (now !== undefined && !isSame) {
      taken.push({ kind: 'role_permissions', role: now.codeName, permissions: now.permissions })
    }
  }
  return [...given, ...taken]
}

const idsOf = (before: Grants, after: Grants): readonly RoleId[] =>
  [...new Set([...before.keys(), ...after.keys()])].sort((a, b) => a - b)
