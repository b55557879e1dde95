import {
  type AssigningStores,
  assertMayTouch,
  type ReplaceRoles,
  type RightsStore,
  replaceRoles,
} from '../access/index.ts'
import { userTarget } from '../audit/index.ts'
import {
  type Caller,
  type Clock,
  type ConditionalCaller,
  invalidField,
  message,
  type Principal,
  Rejection,
  type Transact,
  type UserId,
} from '../kernel/index.ts'
import { type EndingStores, endAllSessions } from '../sessions/index.ts'
import {
  describeDifferences,
  differencesOf,
  superuserFields,
  type User,
  type UserChanges,
  validateTexts,
} from './account-fields.ts'
import { parseKnownEmail } from './email-address.ts'
import type { LeakedPasswords } from './leaked-passwords.ts'
import type { PasswordHasher } from './password-hasher.ts'
import type { UserStore } from './user-store.sql.ts'
import { assertNoFaults, emailTaken, validatePerson } from './validate-account.ts'

export interface UserUpdate {
  readonly userId: UserId
  /** Absent fields stay as they are. The email as it was presented. */
  readonly changes: UserChanges
  /** All roles from now on by code name, or one that is given or taken; absent: as they are. */
  readonly roles?: ReplaceRoles['roles'] | undefined
}

/**
 * Changes an account: another's, by the rules of rank, or one's own. Deactivating logs out everywhere at once;
 * activating again brings no old token back. Refuses with `not_found`, `precondition_failed`, `permission_denied` (rank, flags,
 * roles),
 * `invalid_request` (email, unknown role) or `conflict` (the address is taken; the last active superuser).
 */
export async function updateUser(
  deps: UpdateUserDeps,
  caller: ConditionalCaller<UserWithRoles>,
  { userId, changes, roles }: UserUpdate,
): Promise<UserWithRoles> {
  const nowMs = deps.clock.nowMs()
  const wanted = withCanonicalEmail(changes)
  return deps.transaction(async stores => {
    // INVARIANT: superusers are locked first, the user second, so that two such writes wait and do not deadlock.
    // On PostgreSQL all of these travel together, and the server runs them in this order.
    const [superusers, before, held] = await Promise.all([
      couldRemoveSuperuser(wanted) ? stores.users.lockActiveSuperusers() : [],
      stores.users.lock(userId),
      stores.users.rolesOf([userId]),
      assertStillActive(stores, caller.principal),
      caller.principal !== null && assertMayTouch(stores, caller.principal, userId),
    ])
    if (before === undefined) throw new Rejection('not_found')
    caller.precondition?.({ ...before, roles: held.get(userId) ?? [] })
    const differences = differencesOf(before, wanted)
    assertNewValues(differences)
    if (needsSuperuser(differences)) await assertSuperuser(stores, caller.principal)
    assertSuperuserRemains(before, differences, superusers)
    return write(stores, caller, { before, held: held.get(userId) ?? [], differences, roles, nowMs })
  })
}

/** Closes an account and logs it out everywhere; the row stays. Harmless when it is closed already. */
export const deactivateUser = (
  deps: UpdateUserDeps,
  caller: ConditionalCaller<UserWithRoles>,
  userId: UserId,
): Promise<UserWithRoles> => updateUser(deps, caller, { userId, changes: { isActive: false } })

function withCanonicalEmail(changes: UserChanges): UserChanges {
  if (changes.email === undefined) return changes
  const email = parseKnownEmail(changes.email)
  if (email === undefined) throw invalidField('email', message('email.invalid'))
  return { ...changes, email }
}

/** An address or a name from before the present rules stays; only one that is given now must keep them. */
function assertNewValues({ email, ...others }: UserChanges): void {
  assertNoFaults(email === undefined ? validateTexts(others) : validatePerson({ ...others, email }).errors)
}

interface CheckedUpdate {
  readonly before: User
  /** Code names of the roles before. */
  readonly held: readonly string[]
  readonly differences: UserChanges
  readonly roles: ReplaceRoles['roles'] | undefined
  readonly nowMs: number
}

async function write(
  stores: AdministrationStores,
  caller: Caller,
  checked: CheckedUpdate,
): Promise<UserWithRoles> {
  const { before, differences, nowMs } = checked
  // Roles first: a caller who gives up being a superuser in the same write still is one while the roles are checked.
  const roles = await writeRoles(stores, caller, checked)
  const fields = await writeFields(stores, checked)
  const after = isMoved(roles) ? { ...fields, updatedAtMs: nowMs } : fields
  if (differences.isSuperuser !== undefined) {
    const { id: userId, isSuperuser } = after
    const roleIds = await stores.assignments.rolesOf(userId)
    await stores.changes.append(
      { kind: 'user_roles', userId, roleIds, roles: roles.after, isSuperuser },
      nowMs,
    )
  }
  const act = { actorId: caller.principal?.userId ?? null, origin: caller.origin, nowMs }
  await Promise.all([
    record(stores, caller, checked, roles),
    differences.isActive === false && endAllSessions(stores, before.id, 'deactivated', act),
  ])
  return { ...after, roles: roles.after }
}

interface RoleChange {
  readonly before: readonly string[]
  readonly after: readonly string[]
}

const isMoved = ({ before, after }: RoleChange): boolean => before.join() !== after.join()

async function writeRoles(
  stores: AdministrationStores,
  { principal }: Caller,
  { before, held, roles, nowMs }: CheckedUpdate,
): Promise<RoleChange> {
  if (roles === undefined) return { before: held, after: held }
  return replaceRoles(stores, { principal, userId: before.id, roles, nowMs })
}

async function writeFields(
  { users }: AdministrationStores,
  { before, differences, nowMs }: CheckedUpdate,
): Promise<User> {
  if (Object.keys(differences).length === 0) return before
  const after = await users.updateLocked(before, differences, nowMs)
  if (after === 'taken') throw emailTaken()
  return after
}

/** One audit event for opening or closing the account, one for everything else that changed. */
async function record(
  { audit }: AdministrationStores,
  { principal, origin }: Caller,
  { before, differences, nowMs }: CheckedUpdate,
  roles: RoleChange,
): Promise<void> {
  const event = { actorId: principal?.userId ?? null, target: userTarget(before.id), origin }
  const { isActive, ...others } = differences
  const details = {
    ...describeDifferences(before, others),
    ...(isMoved(roles) && { roles: { from: roles.before, to: roles.after } }),
  }
  if (Object.keys(details).length > 0) await audit.append({ ...event, action: 'user.update', details }, nowMs)
  if (isActive === undefined) return
  await audit.append({ ...event, action: isActive ? 'user.reactivate' : 'user.deactivate' }, nowMs)
}

/** What a write about an account touches, in one transaction. */
export interface AdministrationStores extends AssigningStores, EndingStores {
  readonly users: UserStore
}

export interface UpdateUserDeps {
  readonly transaction: Transact<AdministrationStores>
  readonly clock: Clock
}

export interface CreateUserDeps extends UpdateUserDeps {
  /** Committed state, read outside the transaction. */
  readonly users: UserStore
  readonly hasher: PasswordHasher
  readonly passwordMinLength: number
  readonly leakedPasswords: LeakedPasswords
}

export interface UserWithRoles extends User {
  /** Code names, sorted. */
  readonly roles: readonly string[]
}

/** Whether the caller must be a superuser to set these differences. */
export const needsSuperuser = (differences: UserChanges): boolean =>
  superuserFields.some(field => differences[field] !== undefined)

/** Refuses with 403 unless a superuser acts, read from the database: the token may be older than a demotion. */
export async function assertSuperuser(
  { rights }: { rights: RightsStore },
  principal: Principal | null,
): Promise<void> {
  if (principal === null || (await rights.ofCaller(principal)).isSuperuser) return
  throw superuserOnly()
}

export const superuserOnly = (): Rejection =>
  new Rejection('permission_denied', { detail: message('permission.superuser_only') })

/** Whether these changes could take a superuser away: then the superusers are locked before anything is checked. */
export const couldRemoveSuperuser = (changes: UserChanges): boolean =>
  changes.isActive === false || changes.isSuperuser === false

/**
 * Refuses with 409 to take the last active superuser away. `activeSuperusers` are locked by this transaction, so
 * two of them cannot take each other away at once.
 */
export function assertSuperuserRemains(
  before: User,
  differences: UserChanges,
  activeSuperusers: readonly UserId[],
): void {
  const removes = before.isSuperuser && before.isActive && couldRemoveSuperuser(differences)
  if (!removes || activeSuperusers.some(id => id !== before.id)) return
  throw new Rejection('conflict', { detail: message('permission.last_superuser') })
}

/**
 * Refuses when the caller's account has been closed. The gate of another node may hear of that a moment late: long
 * enough to reopen the account, or to create another one.
 */
export async function assertStillActive(
  { users }: { users: UserStore },
  principal: Principal | null,
): Promise<void> {
  if (principal === null || (await users.findById(principal.userId))?.isActive === true) return
  throw new Rejection('invalid_token')
}
