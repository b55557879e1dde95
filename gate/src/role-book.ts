import { type Bits, toBits } from './bits.ts'
import type { Change, ChangeOf } from './change.ts'
import { forgetMarks, latestMark, type Mark } from './mark.ts'
import { createPermissionIndex, getPermissionParts, type PermissionIndex } from './permission-index.ts'
import { createRoleSets, type RoleSets } from './role-sets.ts'

/** What each role permits: as lists for people, as bits for decisions. */
export interface RoleBook {
  /** `null` removes the role. */
  define(role: string, permissions: readonly string[] | null): void
  apply(change: ChangeOf<'role_permissions'>): void
  readonly index: Pick<PermissionIndex, 'find'>
  readonly sets: Pick<RoleSets, 'of'>
  /** Another number after each change of what a role permits. */
  readonly edition: number
  /** `undefined` for a role that nobody defined. */
  bitsOf(role: string): Bits | undefined
  /** Every permission that any role holds, sorted. */
  knownPermissions(): readonly string[]
  roles(): Record<string, readonly string[]>
  changes(): Change[]
  forget(nowMs: number): void
}

interface Role {
  readonly permissions: readonly string[]
  readonly bits: Bits
}

const nothing: readonly string[] = Object.freeze([])

export function createRoleBook(): RoleBook {
  const roles = new Map<string, Role>()
  const heard = new Map<string, { mark: Mark }>()
  const index = createPermissionIndex()
  const sets = createRoleSets(role => roles.get(role))
  let known: readonly string[] | undefined
  let edition = 0

  function define(role: string, permissions: readonly string[] | null): void {
    const wanted = Object.freeze([...new Set(permissions)].sort())
    // Judged before anything is changed: a wrong name leaves the book as it was.
    for (const permission of wanted) getPermissionParts(permission)
    const bits = toBits(wanted.map(permission => index.acquire(permission)))
    for (const permission of roles.get(role)?.permissions ?? nothing) index.release(permission)
    if (permissions === null) roles.delete(role)
    else roles.set(role, { permissions: wanted, bits })
    // INVARIANT: bits are given out again only here, so no union made before this line is ever asked again.
    sets.clear()
    edition += 1
    known = undefined
  }

  return {
    define,
    apply(change) {
      const mark = heard.get(change.role)?.mark
      if (mark === undefined || change.id > mark.id) define(change.role, change.permissions)
      heard.set(change.role, { mark: latestMark(mark, change) })
    },
    index,
    sets,
    get edition() {
      return edition
    },
    bitsOf: role => roles.get(role)?.bits,
    knownPermissions: () => (known ??= Object.freeze(index.names().sort())),
    roles: () => Object.fromEntries(Array.from(roles, ([role, { permissions }]) => [role, permissions])),
    changes: () =>
      Array.from(
        heard,
        ([role, { mark }]): Change => ({
          ...mark,
          kind: 'role_permissions',
          role,
          permissions: roles.get(role)?.permissions ?? null,
        }),
      ),
    // Only the marks: what a role permits is state, and stays.
    forget: nowMs => forgetMarks(heard, nowMs),
  }
}
