import { userTarget } from '../audit/index.ts'
import type { PresentedFactor } from '../factors/index.ts'
import { assertNewPassword, type StoredAccount } from '../identity/index.ts'
import type { ClientInfo, EpochMs, Locale } from '../kernel/index.ts'
import { addNotice } from '../mail/index.ts'
import { findProof, type PresentedProof, type Proof, uselessProof } from '../proofs/index.ts'
import { endAllSessions } from '../sessions/index.ts'
import type { RecoveryDeps, RecoveryStores } from './recovery.ts'
import { withFactor } from './with-factor.ts'

interface PasswordReset {
  readonly presented: PresentedProof
  readonly password: string
  readonly password2: string
  /** Needed where the account has a second factor: a mail alone never opens it. */
  readonly factor: PresentedFactor
  readonly origin: ClientInfo
  readonly locale: Locale
}

/**
 * Sets a new password for the account whose mail, or whose link of an administrator, the caller shows. Ends every session, and makes every
 * other proof of the account useless. Refuses with `invalid_request`: a proof that does not work, or a password that does not
 * fit, which leaves the proof as it was; or with `too_many_requests`.
 */
export async function resetPassword(deps: RecoveryDeps, reset: PasswordReset): Promise<void> {
  const { presented, origin } = reset
  const nowMs = deps.clock.nowMs()
  const proof = await findProof(deps, { presented, kinds: ['password_reset'], origin, nowMs })
  const account = proof.userId === null ? undefined : await deps.users.findAccount(proof.userId)
  if (account === undefined || !isStillOf(proof, account)) throw uselessProof(presented)
  assertNewPassword(deps, reset, account.user)
  const passwordHash = await deps.hasher.hash(reset.password)
  const checked = { reset, proof, account, passwordHash, nowMs }
  const shown = { presented: reset.factor, purpose: purposeOf(proof), origin }
  await withFactor(deps, account.user, shown, stores => write(stores, checked))
}

/** What the challenge of a passkey is made for that is asked by a reset. */
const purposeOf = ({ id }: Proof): string => `password reset ${id}`

/**
 * What a browser asks a passkey with that is the second factor of a reset: those of the account whose mail, or whose link of an
 * administrator, is shown. Uses nothing up. Refuses as `resetPassword` does.
 */
export async function resetPasskeyOptions(
  deps: RecoveryDeps,
  { presented, origin }: Pick<PasswordReset, 'presented' | 'origin'>,
) {
  const nowMs = deps.clock.nowMs()
  const proof = await findProof(deps, { presented, kinds: ['password_reset'], origin, nowMs })
  const account = proof.userId === null ? undefined : await deps.users.findAccount(proof.userId)
  if (account === undefined || !isStillOf(proof, account)) throw uselessProof(presented)
  const { ceremonies, stores } = deps.byFactor
  return await ceremonies.requestOptions(purposeOf(proof), await stores.passkeys.list(account.user.id))
}

/** Whether the proof is about the account as it stands: its address may be another's by now. */
const isStillOf = ({ email }: Proof, { user }: StoredAccount): boolean =>
  user.isActive && user.email === email

interface CheckedReset {
  readonly reset: PasswordReset
  readonly proof: Proof
  readonly account: StoredAccount
  readonly passwordHash: string
  readonly nowMs: EpochMs
}

/** INVARIANT: the proof is consumed in the transaction of its effect: of any number of callers one changes the password. */
async function write(
  stores: RecoveryStores,
  { reset: { presented, origin, locale }, proof, account, passwordHash, nowMs }: CheckedReset,
): Promise<void> {
  const { id: userId, email } = account.user
  if (!(await stores.proofs.consume(proof.id, nowMs))) throw uselessProof(presented)
  // A link that an administrator hands over proves who it was given to, and nothing about the address.
  const isProved = proof.details.by !== 'link'
  if (!(await stores.users.setPassword(userId, { email, passwordHash, isProved }, nowMs)))
    throw uselessProof(presented)
  // But the undo of a change of address, and «this was not me»: who took the account over must not take them away by a reset.
  await stores.proofs.cancelOf(userId, nowMs, ['email_undo', 'not_me'])
  const ended = await endAllSessions(stores, userId, 'password_change', { actorId: userId, origin, nowMs })
  // Who guessed at the old password does not hold up the new one.
  await stores.throttle.forgetAccount(email)
  await stores.audit.append(
    {
      actorId: userId,
      action: 'user.password_reset',
      target: userTarget(userId),
      origin,
      details: { by: 'token' in presented ? 'link' : 'code', sessions_ended: ended },
    },
    nowMs,
  )
  await addNotice(stores, { userId, event: 'password_changed', origin, locale }, nowMs)
}
