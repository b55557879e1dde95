import { type AuditLog, userTarget } from '../audit/index.ts'
import {
  type Clock,
  invalidField,
  type Message,
  message,
  type Origin,
  type Principal,
  Refusal,
  type Transact,
} from '../kernel/index.ts'
import { type EndingStores, endOtherSessions } from '../sessions/index.ts'
import type { ChargedGuess, Throttle, ThrottleStore } from '../throttle/index.ts'
import type { LeakedPasswords } from './leaked-passwords.ts'
import { comparablePassword, isSamePassword } from './password-form.ts'
import type { PasswordHasher } from './password-hasher.ts'
import { judgeNewPassword, passwordPolicyOf } from './password-policy.ts'
import { namesOf, type User } from './user.ts'
import type { UserStore } from './user-store.ts'

export interface ChangePasswordDeps {
  readonly transaction: Transact<
    EndingStores & { readonly users: UserStore; readonly audit: AuditLog; readonly throttle: ThrottleStore }
  >
  readonly throttle: Throttle
  readonly users: UserStore
  readonly hasher: PasswordHasher
  readonly clock: Clock
  readonly passwordMinLength: number
  readonly leakedPasswords: LeakedPasswords
}

export interface PasswordChange {
  readonly principal: Principal
  readonly origin: Origin
  readonly currentPassword: string
  readonly password: string
  readonly password2: string
}

/**
 * Changes the caller's own password. Every other session of theirs ends, this one goes on. Refuses with
 * `invalid_request`, every field named; a wrong current password is `errors.current_password` and counts as a failed
 * guess. Refuses with `too_many_requests` as sign-in does, and when the account has asked too often.
 */
export async function changePassword(deps: ChangePasswordDeps, change: PasswordChange): Promise<void> {
  const { principal, origin } = change
  const [user, verifiedHash] = await Promise.all([
    deps.users.findById(principal.userId),
    deps.users.findPasswordHash(principal.userId),
  ])
  // Accounts are never removed: the token cannot outlive the row.
  if (user === undefined || verifiedHash === undefined) throw new Refusal('invalid_token')
  await deps.throttle.spend('password_change', String(user.id), deps.clock.nowMs())
  const password = comparablePassword(change.currentPassword)
  await deps.throttle.attempt({ email: user.email, userId: user.id, password, origin }, guess =>
    verifyAndReplace(deps, change, { user, verifiedHash }, guess),
  )
}

async function verifyAndReplace(
  deps: ChangePasswordDeps,
  change: PasswordChange,
  { user, verifiedHash }: { readonly user: User; readonly verifiedHash: string },
  guess: ChargedGuess,
): Promise<void> {
  const { principal, origin } = change
  const { nowMs } = guess
  const { matches } = await deps.hasher.verify(change.currentPassword, verifiedHash).catch(async error => {
    await deps.throttle.withdraw(guess)
    throw error
  })
  if (!matches) await recordFailure(deps, guess)
  try {
    judge(deps, change, user, matches)
  } catch (error) {
    // The right password is no wrong guess because the new one does not fit.
    if (matches) await deps.throttle.withdraw(guess)
    throw error
  }
  const newHash = await deps.hasher.hash(change.password)

  await deps.transaction(async stores => {
    // Guarded: the password may have been changed elsewhere while we were hashing.
    const replaced = await stores.users.replacePassword(user.id, verifiedHash, newHash, nowMs)
    if (!replaced) throw invalidField('current_password', message('password.current_wrong'))
    await deps.throttle.forgive(stores, guess)
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
  })
}

const recordFailure = (
  { throttle }: ChangePasswordDeps,
  { userId, origin, nowMs }: ChargedGuess,
): Promise<void> =>
  throttle.recordFailure(
    {
      actorId: userId!,
      action: 'user.password_change',
      target: userTarget(userId!),
      outcome: 'failure',
      origin,
      details: { reason: 'wrong_password' },
    },
    nowMs,
  )

function judge(deps: ChangePasswordDeps, change: PasswordChange, user: User, matches: boolean): void {
  const errors: Record<string, readonly Message[]> = {}
  if (!matches) errors.current_password = [message('password.current_wrong')]
  const faults = judgeNewPassword(passwordPolicyOf(deps), change.password, {
    email: user.email,
    names: namesOf(user),
  })
  if (faults.length > 0) errors.password = faults
  if (!isSamePassword(change.password, change.password2)) errors.password2 = [message('password.mismatch')]
  if (Object.keys(errors).length > 0) throw new Refusal('invalid_request', { errors })
}
