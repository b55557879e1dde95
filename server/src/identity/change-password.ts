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
import type { LeakedPasswords } from './leaked-passwords.ts'
import { isSamePassword } from './password-form.ts'
import type { PasswordHasher } from './password-hasher.ts'
import { judgeNewPassword } from './password-policy.ts'
import { namesOf, type User } from './user.ts'
import type { UserStore } from './user-store.ts'

export interface ChangePasswordDeps {
  readonly transaction: Transact<EndingStores & { readonly users: UserStore; readonly audit: AuditLog }>
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
 * `invalid_request`, every field named; a wrong current password is `errors.current_password`.
 */
export async function changePassword(deps: ChangePasswordDeps, change: PasswordChange): Promise<void> {
  const nowMs = deps.clock.nowMs()
  const { principal, origin } = change
  const [user, verifiedHash] = await Promise.all([
    deps.users.findById(principal.userId),
    deps.users.findPasswordHash(principal.userId),
  ])
  // Accounts are never removed: the token cannot outlive the row.
  if (user === undefined || verifiedHash === undefined) throw new Refusal('invalid_token')
  const { matches } = await deps.hasher.verify(change.currentPassword, verifiedHash)
  judge(deps, change, user, matches)
  const newHash = await deps.hasher.hash(change.password)

  await deps.transaction(async stores => {
    // Guarded: the password may have been changed elsewhere while we were hashing.
    const replaced = await stores.users.replacePassword(user.id, verifiedHash, newHash, nowMs)
    if (!replaced) throw invalidField('current_password', message('password.current_wrong'))
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

function judge(deps: ChangePasswordDeps, change: PasswordChange, user: User, matches: boolean): void {
  const errors: Record<string, readonly Message[]> = {}
  if (!matches) errors.current_password = [message('password.current_wrong')]
  const faults = judgeNewPassword(
    { minLength: deps.passwordMinLength, leaked: deps.leakedPasswords },
    change.password,
    { email: user.email, names: namesOf(user) },
  )
  if (faults.length > 0) errors.password = faults
  if (!isSamePassword(change.password, change.password2)) errors.password2 = [message('password.mismatch')]
  if (Object.keys(errors).length > 0) throw new Refusal('invalid_request', { errors })
}
