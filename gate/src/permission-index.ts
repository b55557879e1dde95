import { pushingOut } from './push-out.ts'
import { type Acr, levelOf } from './step-up.ts'

export interface IndexedPermission {
  readonly bit: number
  /** Whether its resource and its action were in the catalogue, at that version of the state. */
  isKnown: boolean
  knownAtVersion: number
}

interface Entry extends IndexedPermission {
  holders: number
}

export type PermissionIndex = ReturnType<typeof createPermissionIndex>

/** Numbers the permissions that roles hold, so that a set of them is a few bits. Numbers of unused ones are given out again. */
export function createPermissionIndex() {
  const resources = new Map<string, Map<string, Entry>>()
  const freeBits: number[] = []
  let nextBit = 0

  return {
    /**
     * The bit of a permission, which stays its own until as many `release` calls. Throws a TypeError for a name of
     * another form.
     */
    acquire(permission: string): number {
      const { resource, action } = getPermissionParts(permission)
      const actions = resources.get(resource) ?? new Map<string, Entry>()
      resources.set(resource, actions)
      const entry = actions.get(action) ?? newEntry(freeBits.pop() ?? nextBit++)
      actions.set(action, entry)
      entry.holders++
      return entry.bit
    },
    release(permission: string): void {
      const { resource, action } = getPermissionParts(permission)
      const actions = resources.get(resource)
      const entry = actions?.get(action)
      if (actions === undefined || entry === undefined || --entry.holders > 0) return
      freeBits.push(entry.bit)
      actions.delete(action)
      if (actions.size === 0) resources.delete(resource)
    },
    /** The permission `resource:action`, or `undefined` when no role holds it. Builds no text. */
    find: (resource: string, action: string): IndexedPermission | undefined =>
      resources.get(resource)?.get(action),
    names: (): string[] =>
      [...resources].flatMap(([resource, actions]) =>
        [...actions.keys()].map(action => `${resource}:${action}`),
      ),
  }
}

const newEntry = (bit: number): Entry => ({ bit, holders: 0, isKnown: false, knownAtVersion: -1 })

/**
 * `undefined` for a text of another form.
 *
 * INVARIANT: a name has one colon, inside; so `resource` and `action` are read back in one way only.
 */
export function splitPermission(permission: string): { resource: string; action: string } | undefined {
  const colon = permission.indexOf(':')
  if (colon < 1 || colon === permission.length - 1 || permission.indexOf(':', colon + 1) !== -1)
    return undefined
  return { resource: permission.slice(0, colon), action: permission.slice(colon + 1) }
}

/** Throws a TypeError for a text of another form. */
export function getPermissionParts(permission: string): { resource: string; action: string } {
  const parts = splitPermission(permission)
  if (parts === undefined) {
    throw new TypeError(`Permission ${JSON.stringify(permission)} is not of the form resource:action`)
  }
  return parts
}

/** What permits: a role, or one combination of roles. */
export interface RoleSet {
  readonly bits: Bits
  /** Sorted, each once. */
  readonly permissions: readonly string[]
}

/** A role that there is. */
interface NamedRole extends RoleSet {
  /** The level that a session needs for what the role permits. */
  readonly acr: Acr
}

/** A service has a handful of combinations; a caller who makes up more pushes out the oldest. */
const maxRoleSets = 4096

export type RoleSets = ReturnType<typeof createRoleSets>

/** Shares one union among all subjects with the same roles, in whatever order they are listed. */
export function createRoleSets(find: (role: string) => NamedRole | undefined) {
  const byNames = new Map<string, RoleSet>()
  const pushOut = pushingOut(byNames, maxRoleSets)
  let byList = newLists()

  function share(roles: readonly string[], acr: Acr): RoleSet {
    // JSON, because a plain separator could stand inside a name and make two combinations one.
    const names = acr + JSON.stringify([...new Set(roles)].sort())
    const known = byNames.get(names)
    if (known !== undefined) return known
    const found = roles.flatMap(role => find(role) ?? [])
    const made = toRoleSet(found.filter(role => acr === 'aal2' || role.acr === 'aal1'))
    byNames.set(names, made)
    pushOut()
    return made
  }

  return {
    /** What the roles permit in a session of this level. */
    of(roles: readonly string[], presented?: Acr): RoleSet {
      const acr = levelOf(presented)
      const known = byList[acr].get(roles)
      if (known !== undefined) return known
      const set = share(roles, acr)
      // Only a frozen list can be known by its identity: another may hold different names tomorrow.
      if (Object.isFrozen(roles)) byList[acr].set(roles, set)
      return set
    },
    /** After any role has changed. */
    clear(): void {
      byNames.clear()
      byList = newLists()
    },
  }
}

const newLists = (): Record<Acr, WeakMap<readonly string[], RoleSet>> => ({
  aal1: new WeakMap(),
  aal2: new WeakMap(),
})

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

/** A set of small numbers, 32 to a word. */
export type Bits = Uint32Array

export function toBits(numbers: readonly number[]): Bits {
  const highest = numbers.reduce((most, number) => Math.max(most, number), -1)
  const bits = new Uint32Array((highest + 32) >>> 5)
  for (const number of numbers) bits[number >>> 5]! |= 1 << (number & 31)
  return bits
}

export function unionOf(sets: readonly Bits[]): Bits {
  const union = new Uint32Array(sets.reduce((most, set) => Math.max(most, set.length), 0))
  for (const set of sets) for (let word = 0; word < set.length; word++) union[word]! |= set[word]!
  return union
}

export function hasBit(bits: Bits, number: number): boolean {
  const word = number >>> 5
  return word < bits.length && ((bits[word]! >>> (number & 31)) & 1) === 1
}
