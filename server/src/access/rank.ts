import { coveringActions } from '@propusk/gate/core'
import {
  isKeyPrincipal,
  message,
  needsFactor,
  type Principal,
  permissionName,
  Rejection,
  type RoleId,
  splitPermissionName,
  type UserId,
} from '../kernel/index.ts'
import type { AccessStores } from './access-stores.ts'
import type { RightsStore } from './rights-store.sql.ts'

/**
 * A caller may not change, deactivate or log out an account that holds a permission the caller lacks, and only a
 * superuser may do so to a superuser: `permission_denied` otherwise. The caller's own account passes; the route decides
 * what of it may be changed. A program with an API key is not its owner, whose rights may be greater (ADR 38).
 */
export async function assertMayTouch(
  { rights }: { readonly rights: RightsStore },
  principal: Principal,
  userId: UserId,
): Promise<void> {
  if (isOwnAccount(principal, userId)) return
  const own = await rights.ofCaller(principal)
  if (own.isSuperuser) return
  const theirs = await rights.of(userId)
  if (theirs.isSuperuser) {
    throw new Rejection('permission_denied', { detail: message('permission.superuser_only') })
  }
  assertCovered(own, [...theirs.permissions].sort(), 'permission.outranked')
}

const isOwnAccount = (principal: Principal, userId: UserId): boolean =>
  principal.userId === userId && !isKeyPrincipal(principal)

/**
 * Refuses a caller who lacks one of these: with `insufficient_user_authentication` where a session of a second factor would have them
 * all (ADR 49), and otherwise with `permission_denied` and the name of the first that no factor would give. A factor that would not
 * be enough is not asked for.
 */
export function assertCovered(
  rights: Rights,
  wanted: readonly string[],
  key: 'permission.outranked' | 'permission.not_held' | 'permission.missing',
): void {
  if (missingFrom(rights, wanted) === undefined) return
  const permission = missingFrom(atBest(rights), wanted)
  if (permission === undefined) throw needsFactor()
  throw new Rejection('permission_denied', { detail: message(key, { permission }) })
}

/** The same caller in a session of a second factor. */
const atBest = (rights: Rights): Rights => ({ ...rights, permissions: rights.withFactor })

/**
 * Deleting or renaming a role changes what its holders have. It is refused with `permission_denied` where a holder is a
 * superuser, or holds a permission that the caller lacks (ADR 33). The caller's own account is none of these holders.
 *
 * INVARIANT: the role is locked by this transaction. Roles are given and taken under the same lock, so no user of a
 * higher rank comes to hold it meanwhile.
 */
export async function assertNoHigherHolder(
  { rights, permissions, assignments }: Pick<AccessStores, 'rights' | 'permissions' | 'assignments'>,
  principal: Principal | null,
  roleId: RoleId,
): Promise<void> {
  if (principal === null) return
  const own = await rights.ofCaller(principal)
  if (own.isSuperuser) return
  const rolePermissions = [...(await permissions.permissionsOfAllRoles())]
  const higherThan = (rights: Rights) =>
    rolePermissions
      .filter(([, { permissions }]) => missingFrom(rights, permissions) !== undefined)
      .map(([id]) => id)
  const exceptUserId = isKeyPrincipal(principal) ? undefined : principal.userId
  const hasHigherHolder = (rights: Rights) =>
    assignments.isSharedWith(roleId, { others: higherThan(rights), exceptUserId })
  if (!(await hasHigherHolder(own))) return
  if (!(await hasHigherHolder(atBest(own)))) throw needsFactor()
  throw new Rejection('permission_denied', { detail: message('role.higher_holder') })
}

/** A caller may grant or revoke only permissions that the caller holds. */
export const assertHolds = (rights: Rights, permissions: readonly string[]): void =>
  assertCovered(rights, permissions, 'permission.not_held')

/**
 * What a subject may do, read from the database inside the transaction, so that a decision about rank never rests
 * on old knowledge.
 */
export interface Rights {
  readonly isSuperuser: boolean
  /** Code names, sorted. */
  readonly roles: readonly string[]
  /** Of a caller: those that hold in the session, or for the API key, by which they act. Of an account: all of them. */
  readonly permissions: ReadonlySet<string>
  /** Those of a session that showed a second factor: as many, or more where a role asks for one (ADR 49). */
  readonly withFactor: ReadonlySet<string>
}

/**
 * The first wanted permission that the rights do not cover; undefined when they cover them all. `documents:all` covers
 * the others of `documents` and is itself covered only by itself. A superuser has everything.
 *
 * This is rank, not a decision: it compares what a user holds, also for roles that are about to be made or renamed.
 * Whether one held permission covers another is decided by the gate (ADR 35).
 */
export function missingFrom(
  rights: Pick<Rights, 'isSuperuser' | 'permissions'>,
  wanted: Iterable<string>,
): string | undefined {
  if (rights.isSuperuser) return undefined
  for (const permission of wanted) if (!covers(rights.permissions, permission)) return permission
  return undefined
}

/** Whether one of the held permissions is this one or covers it, by the rule of the gate (ADR 35). */
export function covers(held: ReadonlySet<string>, permission: string): boolean {
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
  const isSuperuser = rights.isSuperuser && bound.isSuperuser
  // A program shows no factor.
  return { isSuperuser, roles: rights.roles, permissions: both, withFactor: both }
}
