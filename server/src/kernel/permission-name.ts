/** `resource:action`, as it is written in a role's body and in every answer. */
export type PermissionName = `${string}:${string}`

/** INVARIANT: a code name never holds a colon, so a permission name has one reading. */
export const codeNamePattern = '^[a-z][a-z0-9_.-]{0,99}$'

export const permissionName = (resource: string, action: string): PermissionName => `${resource}:${action}`

export function splitPermissionName(name: string): { resource: string; action: string } | undefined {
  const colon = name.indexOf(':')
  if (colon < 1 || colon === name.length - 1 || name.indexOf(':', colon + 1) !== -1) return undefined
  return { resource: name.slice(0, colon), action: name.slice(colon + 1) }
}
