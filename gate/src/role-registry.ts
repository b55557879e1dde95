import { type Bits, hasBit, toBits } from './bits.ts'
import { type Change, type ChangeOf, checkRole } from './change.ts'
import { forgetExpiredChanges, type LatestChange, latestOf } from './mark.ts'
import { createPermissionIndex, getPermissionParts, type PermissionIndex } from './permission-index.ts'
import { createRoleSets, type RoleSets } from './role-sets.ts'

/** One role as it is. */
export interface RoleState {
  readonly roleId: number
  /** Its code name. */
  readonly role: string
  readonly permissions: readonly string[]
}

/**
 * What each role is called and permits: as lists for people, as bits for decisions. A role is its id: under another name
 * it is the same role, and another role under its name is not.
 */
export interface RoleRegistry {
  define(role: RoleState): void
  apply(change: ChangeOf<'role_permissions'>): void
  /** The code names of those roles that there are. */
  namesOf(roleIds: readonly number[]): readonly string[]
  readonly index: Pick<PermissionIndex, 'find'>
  readonly sets: Pick<RoleSets, 'of'>
  /** Another number after each change of what a role is called or permits. */
  readonly version: number
  /** Whether the role holds this very permission. */
  holds(role: string, resource: string, action: string): boolean
  /** Every permission that any role holds, sorted. */
  knownPermissions(): readonly string[]
  roles(): RoleState[]
  changes(): Change[]
  forget(nowMs: number): void
}

interface Role extends RoleState {
  readonly bits: Bits
}

const nothing: readonly string[] = Object.freeze([])

export function createRoleRegistry(): RoleRegistry {
  const roles = new Map<number, Role>()
  const byName = new Map<string, Role>()
  const received = new Map<number, { latest: LatestChange; role: string }>()
  const index = createPermissionIndex()
  const sets = createRoleSets(role => byName.get(role))
  let namesByIds = new WeakMap<readonly number[], readonly string[]>()
  let known: readonly string[] | undefined
  let version = 0

  function replace(roleId: number, role: string, permissions: readonly string[] | null): void {
    const wanted = Object.freeze([...new Set(permissions)].sort())
    // Checked before anything is changed: a wrong name leaves the registry as it was.
    for (const permission of wanted) getPermissionParts(permission)
    const bits = toBits(wanted.map(permission => index.acquire(permission)))
    const before = roles.get(roleId)
    for (const permission of before?.permissions ?? nothing) index.release(permission)
    roles.delete(roleId)
    if (before !== undefined && byName.get(before.role) === before) byName.delete(before.role)
    if (permissions !== null) {
      const defined = { roleId, role, permissions: wanted, bits }
      roles.set(roleId, defined)
      byName.set(role, defined)
    }
    // INVARIANT: bits are given out again only here, so no union made before this line is ever asked again.
    sets.clear()
    namesByIds = new WeakMap()
    version += 1
    known = undefined
  }

  function findNames(roleIds: readonly number[]): readonly string[] {
    return Object.freeze(roleIds.flatMap(roleId => roles.get(roleId)?.role ?? []))
  }

  return {
    define(role) {
      checkRole(role)
      replace(role.roleId, role.role, role.permissions)
    },
    apply({ roleId, role, permissions, ...row }) {
      const latest = received.get(roleId)?.latest
      if (latest === undefined || row.id > latest.id) replace(roleId, role, permissions)
      received.set(roleId, { latest: latestOf(latest, row), role })
    },
    namesOf(roleIds) {
      // As in `RoleSets`: only a frozen list can be known by its identity.
      if (!Object.isFrozen(roleIds)) return findNames(roleIds)
      const found = namesByIds.get(roleIds)
      if (found !== undefined) return found
      const names = findNames(roleIds)
      namesByIds.set(roleIds, names)
      return names
    },
    index,
    sets,
    get version() {
      return version
    },
    holds(role, resource, action) {
      const found = index.find(resource, action)
      const bits = byName.get(role)?.bits
      return found !== undefined && bits !== undefined && hasBit(bits, found.bit)
    },
    knownPermissions: () => (known ??= Object.freeze(index.names().sort())),
    roles: () =>
      Array.from(roles.values(), ({ roleId, role, permissions }) => ({ roleId, role, permissions })),
    changes: () =>
      Array.from(
        received,
        ([roleId, { latest, role }]): Change => ({
          ...latest,
          kind: 'role_permissions',
          roleId,
          role: roles.get(roleId)?.role ?? role,
          permissions: roles.get(roleId)?.permissions ?? null,
        }),
      ),
    // Only the changes: what a role permits is state, and stays.
    forget: nowMs => forgetExpiredChanges(received, nowMs),
  }
}
