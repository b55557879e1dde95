import { permissionName, splitPermissionName } from '../kernel/index.ts'

/**
 * What a subject may do, read from the database inside the transaction, so that a decision about rank never rests
 * on old knowledge.
 */
export interface Rights {
  readonly isSuperuser: boolean
  /** Code names, sorted. */
  readonly roles: readonly string[]
  readonly permissions: ReadonlySet<string>
}

/** The action that covers every other one of its resource. */
export const everyAction = 'all'

/**
 * The first wanted permission that the rights do not cover; undefined when they cover them all. `documents:all`
 * covers the others of `documents` and is itself covered only by itself. A superuser has everything.
 */
export function missingFrom(rights: Rights, wanted: Iterable<string>): string | undefined {
  if (rights.isSuperuser) return undefined
  for (const permission of wanted) if (!covers(rights.permissions, permission)) return permission
  return undefined
}

function covers(held: ReadonlySet<string>, permission: string): boolean {
  if (held.has(permission)) return true
  const parts = splitPermissionName(permission)
  return parts !== undefined && held.has(permissionName(parts.resource, everyAction))
}
