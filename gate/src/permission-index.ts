/** Numbers the permissions that roles hold, so that a set of them is a few bits. Numbers of unused ones are given out again. */
export interface PermissionIndex {
  /** The bit of a permission, which stays its own until as many `release` calls. Throws a TypeError for a name of another form. */
  acquire(permission: string): number
  release(permission: string): void
  /** The permission `resource:action`, or `undefined` when no role holds it. Builds no text. */
  find(resource: string, action: string): IndexedPermission | undefined
  names(): string[]
}

export interface IndexedPermission {
  readonly bit: number
  /** Whether its resource and its action were in the catalogue, at that version of the state. */
  isKnown: boolean
  knownAtVersion: number
}

interface Entry extends IndexedPermission {
  holders: number
}

export function createPermissionIndex(): PermissionIndex {
  const resources = new Map<string, Map<string, Entry>>()
  const freeBits: number[] = []
  let nextBit = 0

  return {
    acquire(permission) {
      const { resource, action } = getPermissionParts(permission)
      const actions = resources.get(resource) ?? new Map<string, Entry>()
      resources.set(resource, actions)
      const entry = actions.get(action) ?? newEntry(freeBits.pop() ?? nextBit++)
      actions.set(action, entry)
      entry.holders++
      return entry.bit
    },
    release(permission) {
      const { resource, action } = getPermissionParts(permission)
      const actions = resources.get(resource)
      const entry = actions?.get(action)
      if (actions === undefined || entry === undefined || --entry.holders > 0) return
      freeBits.push(entry.bit)
      actions.delete(action)
      if (actions.size === 0) resources.delete(resource)
    },
    find: (resource, action) => resources.get(resource)?.get(action),
    names: () =>
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
