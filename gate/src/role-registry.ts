import {
  type Change,
  type ChangeOf,
  checkRole,
  forgetExpiredChanges,
  type LatestChange,
  latestOf,
} from './change.ts'
import {
  type Bits,
  createPermissionIndex,
  createRoleSets,
  getPermissionParts,
  hasBit,
  toBits,
} from './permission-index.ts'
import type { Acr } from './step-up.ts'

/** One role as it is. */
export interface RoleState {
  readonly roleId: number
  /** Its code name. */
  readonly role: string
  /** What it permits in every session. */
  readonly permissions: readonly string[]
  /**
   * What it permits in a session of level `aal2` only. A role asks for a level as a whole, so one of the two lists is empty: a
   * gate that does not know this one takes the role for one that permits nothing (ADR 49).
   */
  readonly aal2Permissions?: readonly string[]
}

interface Role {
  readonly roleId: number
  readonly role: string
  /** The level that a session needs for what the role permits. */
  readonly acr: Acr
  readonly permissions: readonly string[]
  readonly bits: Bits
}

const nothing: readonly string[] = Object.freeze([])

type RoleFact = Pick<ChangeOf<'role_permissions'>, 'roleId' | 'role' | 'permissions' | 'aal2Permissions'>

const stateOf = ({ roleId, role, acr, permissions }: Role): RoleState =>
  acr === 'aal1'
    ? { roleId, role, permissions }
    : { roleId, role, permissions: nothing, aal2Permissions: permissions }

export type RoleRegistry = ReturnType<typeof createRoleRegistry>

/**
 * What each role is called and permits: as lists for people, as bits for decisions. A role is its id: under another name
 * it is the same role, and another role under its name is not.
 */
export function createRoleRegistry() {
  const roles = new Map<number, Role>()
  const byName = new Map<string, Role>()
  const received = new Map<number, { latest: LatestChange; role: string }>()
  const index = createPermissionIndex()
  const sets = createRoleSets(role => byName.get(role))
  let namesByIds = new WeakMap<readonly number[], readonly string[]>()
  let known: readonly string[] | undefined
  let version = 0

  function replace({ roleId, role, permissions, aal2Permissions = nothing }: RoleFact): void {
    const acr = aal2Permissions.length > 0 ? 'aal2' : 'aal1'
    const wanted = Object.freeze([...new Set([...(permissions ?? nothing), ...aal2Permissions])].sort())
    // Checked before anything is changed: a wrong name leaves the registry as it was.
    for (const permission of wanted) getPermissionParts(permission)
    const bits = toBits(wanted.map(permission => index.acquire(permission)))
    const before = roles.get(roleId)
    for (const permission of before?.permissions ?? nothing) index.release(permission)
    roles.delete(roleId)
    if (before !== undefined && byName.get(before.role) === before) byName.delete(before.role)
    if (permissions !== null) {
      const defined = { roleId, role, acr, permissions: wanted, bits } as const
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
    define(role: RoleState): void {
      checkRole(role)
      replace(role)
    },
    apply(row: ChangeOf<'role_permissions'>): void {
      const { roleId, role } = row
      const latest = received.get(roleId)?.latest
      if (latest === undefined || row.id > latest.id) replace(row)
      received.set(roleId, { latest: latestOf(latest, row), role })
    },
    /** The code names of those roles that there are. */
    namesOf(roleIds: readonly number[]): readonly string[] {
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
    /** Another number after each change of what a role is called or permits. */
    get version(): number {
      return version
    },
    /** Whether the role holds this very permission. */
    holds(role: string, resource: string, action: string): boolean {
      const found = index.find(resource, action)
      const bits = byName.get(role)?.bits
      return found !== undefined && bits !== undefined && hasBit(bits, found.bit)
    },
    /** The level that a session needs for what the role holds. */
    acrOf: (role: string): Acr => byName.get(role)?.acr ?? 'aal1',
    /** Every permission that any role holds, sorted. */
    knownPermissions: (): readonly string[] => (known ??= Object.freeze(index.names().sort())),
    /** What it holds now; the roles are listed while they are read, and what comes meanwhile is not among them. */
    capture() {
      // INVARIANT: a role is replaced and never altered.
      const held = [...roles.values()]
      const changes = Array.from(
        received,
        ([roleId, { latest, role }]): Change => ({
          ...latest,
          kind: 'role_permissions',
          roleId,
          role,
          ...(roles.has(roleId) ? stateOf(roles.get(roleId)!) : { permissions: null }),
        }),
      )
      return {
        roles: function* (): Generator<RoleState> {
          for (const role of held) yield stateOf(role)
        },
        changes,
      }
    },
    // Only the changes: what a role permits is state, and stays.
    forget: (nowMs: number): void => forgetExpiredChanges(received, nowMs),
  }
}
