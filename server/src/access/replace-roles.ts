import type { ChangeLog } from '../changes/index.ts'
import {
  type EpochMs,
  invalidField,
  type Message,
  message,
  type Principal,
  Rejection,
  type RoleId,
  type UserId,
} from '../kernel/index.ts'
import type { AssignmentStore } from './assignment-store.sql.ts'
import type { Role, RoleStore } from './named-store.sql.ts'
import type { PermissionStore } from './permission-store.sql.ts'
import { assertHolds } from './rank.ts'
import type { RightsStore } from './rights-store.sql.ts'

export interface AssigningStores {
  readonly rights: RightsStore
  readonly roles: RoleStore
  readonly permissions: PermissionStore
  readonly assignments: AssignmentStore
  readonly changes: ChangeLog
}

/** Given twice or taken twice, it is as if once. */
type RoleStep = { readonly give: string } | { readonly take: string }

export interface ReplaceRoles {
  /** Null for the command line, whose rank is not checked. */
  readonly principal: Principal | null
  readonly userId: UserId
  /** Code names of all roles that the user is to have, or of one that is given or taken. */
  readonly roles: readonly string[] | RoleStep
  readonly nowMs: EpochMs
}

/**
 * Makes these the roles of the user, with `updated_at` of the account, and tells the gates. Gives the code names before and
 * after, sorted. Refuses with `not_found` (also the one role that is given or taken), with `invalid_request` in
 * `errors.roles` (an unknown role, or more than a token has room for), or with `permission_denied`: the caller lacks a
 * permission of a role that is given or taken, or changes the caller's own roles without being a superuser. A write that
 * changes nothing is always allowed.
 */
export async function replaceRoles(
  stores: AssigningStores,
  { principal, userId, roles: wanted, nowMs }: ReplaceRoles,
): Promise<{ before: readonly string[]; after: readonly string[] }> {
  const { assignments, changes } = stores
  const user = await assignments.lockUser(userId)
  if (user === undefined) throw new Rejection('not_found')

  const { held, chosen } = await lockHeldAndChosen(stores, userId, wanted)
  const before = codeNamesOf(held)
  const after = codeNamesOf(chosen)
  const moved = [...new Set([...held, ...chosen])].filter(
    role => !held.includes(role) || !chosen.includes(role),
  )
  if (moved.length === 0) return { before, after }

  if (principal !== null) await checkRank(stores, principal, userId, moved)
  const length = roleListLength(after)
  const fault = length > roleListLength(before) ? checkRoleListLength(length, 'roles.too_long') : undefined
  if (fault !== undefined) throw invalidField('roles', fault)
  const roleIds = chosen.map(role => role.id)
  await assignments.replaceRoles(userId, roleIds, nowMs)
  const { isSuperuser } = user
  await changes.append({ kind: 'user_roles', userId, roleIds, roles: after, isSuperuser }, nowMs)
  return { before, after }
}

/**
 * These roles, each once, locked in the order of their ids: none is deleted, renamed or given other permissions until the
 * transaction ends. A role that was deleted while this transaction waited for its lock is not among them.
 */
export async function lockRoles(
  { roles }: Pick<AssigningStores, 'roles'>,
  ids: readonly RoleId[],
): Promise<readonly Role[]> {
  const locked: Role[] = []
  for (const id of [...new Set(ids)].sort((a, b) => a - b)) {
    const role = await roles.lock(id)
    if (role !== undefined) locked.push(role)
  }
  return locked
}

/** The roles that the user holds and those chosen, locked. */
async function lockHeldAndChosen(
  { roles, assignments }: AssigningStores,
  userId: UserId,
  wanted: ReplaceRoles['roles'],
): Promise<{ held: readonly Role[]; chosen: readonly Role[] }> {
  const heldIds = await assignments.rolesOf(userId)
  const names = 'give' in wanted ? [wanted.give] : 'take' in wanted ? [wanted.take] : wanted
  const wantedIds = (await roles.findByCodeNames(names)).map(role => role.id)
  const locked = await lockRoles({ roles }, [...heldIds, ...wantedIds])
  if (names !== wanted && unknownOf(names, locked).length > 0) throw new Rejection('not_found')
  assertKnownRoles(names, locked)
  const held = locked.filter(role => heldIds.includes(role.id))
  const named = locked.filter(role => names.includes(role.codeName))
  if ('give' in wanted) return { held, chosen: locked }
  if ('take' in wanted) return { held, chosen: held.filter(role => !named.includes(role)) }
  return { held, chosen: named }
}

/** Rejects the code names that none of these roles has, each in `errors.roles`. */
export function assertKnownRoles(names: readonly string[], found: readonly Role[]): void {
  const unknown = unknownOf(names, found)
  if (unknown.length > 0) {
    throw invalidField('roles', ...unknown.map(role => message('role.unknown', { role })))
  }
}

function unknownOf(names: readonly string[], found: readonly Role[]): readonly string[] {
  const known = new Set(found.map(role => role.codeName))
  return [...new Set(names)].filter(role => !known.has(role))
}

async function checkRank(
  { rights, permissions }: AssigningStores,
  principal: Principal,
  userId: UserId,
  moved: readonly Role[],
): Promise<void> {
  const own = await rights.ofCaller(principal)
  if (own.isSuperuser) return
  if (principal.userId === userId) {
    throw new Rejection('permission_denied', { detail: message('permission.own_roles') })
  }
  const rolePermissions = await permissions.permissionsOfRoles(moved.map(role => role.id))
  assertHolds(
    own,
    [...rolePermissions.values()].flatMap(({ permissions }) => permissions),
  )
}

const codeNamesOf = (roles: readonly Role[]): readonly string[] => roles.map(role => role.codeName).sort()

/**
 * Characters of one user's role names as a token holds them. The gate takes tokens of 8,192 characters, of which
 * base64url leaves some 5,200 for the roles: a user with more would get only tokens that every gate refuses.
 */
export const roleListCapacity = 4096

/** Of code names, which are ASCII and need no escaping. */
export const roleListLength = (codeNames: readonly string[]): number => JSON.stringify(codeNames).length

/** What to say of a list that is too long; undefined when it fits. */
export const checkRoleListLength = (
  length: number,
  key: 'roles.too_long' | 'role.too_long',
): Message | undefined => (length <= roleListCapacity ? undefined : message(key, { limit: roleListCapacity }))
