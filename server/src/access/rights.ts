import { coveringActions } from '@propusk/gate'
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

/**
 * The first wanted permission that the rights do not cover; undefined when they cover them all. `documents:all` covers
 * the others of `documents` and is itself covered only by itself. A superuser has everything.
 *
 * This is rank, not a decision: it compares what a user holds, also for roles that are about to be made or renamed.
 * Whether one held permission covers another is decided by the gate (ADR 35).
 */
export function missingFrom(rights: Rights, wanted: Iterable<string>): string | undefined {
  if (rights.isSuperuser) return undefined
  for (const permission of wanted) if (!covers(rights.permissions, permission)) return permission
  return undefined
}

function covers(held: ReadonlySet<string>, permission: string): boolean {
  const parts = splitPermissionName(permission)
  if (parts === undefined) return false
  return coveringActions(parts.action).some(action => held.has(permissionName(parts.resource, action)))
}

/**
 * What is covered by both: the rights of an API key, which never exceed those of its owner. `documents:all` of the one and
 * `documents:read` of the other are `documents:read`.
 */
export function boundedBy(rights: Rights, bound: Rights): Rights {
  const both = new Set<string>()
  for (const permission of rights.permissions) {
    if (missingFrom(bound, [permission]) === undefined) both.add(permission)
  }
  for (const permission of bound.permissions) {
    if (missingFrom(rights, [permission]) === undefined) both.add(permission)
  }
  return { isSuperuser: rights.isSuperuser && bound.isSuperuser, roles: rights.roles, permissions: both }
}
