import { type Bits, unionOf } from './bits.ts'
import { pushingOut } from './push-out.ts'

/** One combination of roles and all that it permits. */
export interface RoleSet {
  readonly bits: Bits
  /** Sorted, each once. */
  readonly permissions: readonly string[]
}

/** Shares one union among all subjects with the same roles, in whatever order they are listed. */
export interface RoleSets {
  of(roles: readonly string[]): RoleSet
  /** After any role has changed. */
  clear(): void
}

/** A service has a handful of combinations; a caller who makes up more pushes out the oldest. */
const maxRoleSets = 4096

export function createRoleSets(find: (role: string) => RoleSet | undefined): RoleSets {
  const byNames = new Map<string, RoleSet>()
  const pushOut = pushingOut(byNames, maxRoleSets)
  let byList = new WeakMap<readonly string[], RoleSet>()

  function share(roles: readonly string[]): RoleSet {
    // JSON, because a plain separator could stand inside a name and make two combinations one.
    const names = JSON.stringify([...new Set(roles)].sort())
    const known = byNames.get(names)
    if (known !== undefined) return known
    const made = toRoleSet(roles.flatMap(role => find(role) ?? []))
    byNames.set(names, made)
    pushOut()
    return made
  }

  return {
    of(roles) {
      const known = byList.get(roles)
      if (known !== undefined) return known
      const set = share(roles)
      // Only a frozen list can be known by its identity: another may hold different names tomorrow.
      if (Object.isFrozen(roles)) byList.set(roles, set)
      return set
    },
    clear() {
      byNames.clear()
      byList = new WeakMap()
    },
  }
}

function toRoleSet(sets: readonly RoleSet[]): RoleSet {
  const bits = unionOf(sets.map(set => set.bits))
  let permissions: readonly string[] | undefined
  return {
    bits,
    get permissions() {
      permissions ??= Object.freeze([...new Set(sets.flatMap(set => set.permissions))].sort())
      return permissions
    },
  }
}
