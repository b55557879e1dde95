import { type AuditLog, userTarget } from '../audit/index.ts'
import {
  type ClientInfo,
  type Clock,
  invalidField,
  message,
  Rejection,
  type SessionPrincipal,
  type Transact,
} from '../kernel/index.ts'
import { addNotice, type NoticeStores } from '../mail/index.ts'
import { type EndingStores, endOtherSessions } from '../sessions/index.ts'
import type { DeviceTokens, SignInAttempt, Throttle, ThrottleStore } from '../throttle/index.ts'
import type { User } from './account-fields.ts'
import type { StoredAccount } from './credentials.sql.ts'
import type { LeakedPasswords } from './leaked-passwords.ts'
import type { PasswordHasher } from './password-hasher.ts'
import { comparablePassword, passwordPolicyOf } from './password-policy.ts'
import type { UserStore } from './user-store.sql.ts'
import { assertNoFaults, validatePasswordPair } from './validate-account.ts'

export interface ChangePasswordDeps {
  readonly transaction: Transact<
    EndingStores &
      NoticeStores & { readonly users: UserStore; readonly audit: AuditLog; readonly throttle: ThrottleStore }
  >
  readonly throttle: Throttle
  readonly deviceTokens: DeviceTokens
  readonly users: UserStore
  readonly hasher: PasswordHasher
  readonly clock: Clock
  readonly passwordMinLength: number
  readonly leakedPasswords: LeakedPasswords
}

export interface PasswordChange {
  readonly principal: SessionPrincipal
  readonly origin: ClientInfo
  readonly currentPassword: string
  readonly password: string
  readonly password2: string
  /** The device token that came with the request, if any. */
  readonly deviceToken: string | undefined
}

/**
 * Changes the caller's own password and gives the next device token of this device. Every other session of the caller
 * ends, this one goes on. Refuses with `invalid_request`, every field named; a wrong current password is
 * `errors.current_password` and counts as a failed attempt. Refuses with `too_many_requests` after too many wrong ones by
 * this very session, and when the account has changed its password too often. INVARIANT: what other callers try, at
 * this account or elsewhere, never refuses the right password.
 */
export async function changePassword(deps: ChangePasswordDeps, change: PasswordChange): Promise<string> {
  const { principal, origin } = change
  const account = await deps.users.findAccount(principal.userId)
  // Accounts are never removed: the token cannot outlive the row.
  if (account === undefined) throw new Rejection('invalid_token')
  const { email } = account.user
  using attempt = await deps.throttle.begin({
    email,
    password: comparablePassword(change.currentPassword),
    origin,
    proof: { kind: 'session', id: principal.sessionId },
    findUserId: async () => principal.userId,
  })
  const newHash = await verifyAndReplace(deps, change, account, attempt)
  return nextDeviceToken(deps, change, account, newHash)
}

async function verifyAndReplace(
  deps: ChangePasswordDeps,
  change: PasswordChange,
  { user, passwordHash: verifiedHash }: StoredAccount,
  attempt: SignInAttempt,
): Promise<string> {
  const { principal, origin } = change
  const { nowMs } = attempt
  const { matches } = await deps.hasher.verify(change.currentPassword, verifiedHash).catch(async error => {
    await attempt.cancelled()
    throw error
  })
  if (!matches) await recordFailure(principal, attempt)
  try {
    // INVARIANT: after the password was right, so that a stolen session cannot use up the owner's changes.
    if (matches) await deps.throttle.take('password_change', String(user.id), nowMs)
    validate(deps, change, user, matches)
  } catch (error) {
    // The right password is no wrong attempt because the new one does not fit.
    if (matches) await attempt.cancelled()
    throw error
  }
  const newHash = await deps.hasher.hash(change.password)

  await deps.transaction(async stores => {
    // Guarded: the password may have been changed elsewhere while we were hashing.
    const replaced = await stores.users.replacePassword(user.id, verifiedHash, newHash, nowMs)
    if (!replaced) throw invalidField('current_password', message('password.current_wrong'))
    await attempt.succeeded(stores)
    const act = { actorId: user.id, origin, nowMs }
    const ended = await endOtherSessions(stores, principal, 'password_change', act)
    await stores.audit.append(
      {
        actorId: user.id,
        action: 'user.password_change',
        target: userTarget(user.id),
        origin,
        details: { sessions_ended: ended },
      },
      nowMs,
    )
    await addNotice(stores, { userId: user.id, event: 'password_changed', origin, locale: null }, nowMs)
  })
  return newHash
}

/** The change has revoked every device token of the account; the device that made it stays known. */
function nextDeviceToken(
  { deviceTokens, clock }: ChangePasswordDeps,
  { deviceToken }: PasswordChange,
  { user: { id: userId, email }, passwordHash, loggedOutAtMs }: StoredAccount,
  newHash: string,
): string {
  const nowMs = clock.nowMs()
  const opened = deviceTokens.open(deviceToken, email, nowMs)
  const account = { userId, email, passwordHash, loggedOutAtMs }
  const isKnown = opened !== undefined && deviceTokens.isCurrent(opened, account)
  return deviceTokens.issue({ ...account, passwordHash: newHash }, isKnown ? opened.id : undefined, nowMs)
}

const recordFailure = ({ userId }: SessionPrincipal, attempt: SignInAttempt): Promise<void> =>
  attempt.failed({
    actorId: userId,
    action: 'user.password_change',
    target: userTarget(userId),
    outcome: 'failure',
    origin: attempt.origin,
    details: { reason: 'wrong_password' },
  })

function validate(deps: ChangePasswordDeps, change: PasswordChange, user: User, matches: boolean): void {
  assertNoFaults({
    ...(!matches && { current_password: [message('password.current_wrong')] }),
    ...validatePasswordPair(passwordPolicyOf(deps), change, user),
  })
}
