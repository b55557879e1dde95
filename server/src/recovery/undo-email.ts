import { userTarget } from '../audit/index.ts'
import { recordFactorReset } from '../factors/index.ts'
import { unusablePassword } from '../identity/index.ts'
import type { ClientInfo, EpochMs, Locale, UserId } from '../kernel/index.ts'
import { addNotice } from '../mail/index.ts'
import { findProof, type PresentedProof, uselessProof } from '../proofs/index.ts'
import { endAllSessions } from '../sessions/index.ts'
import { addReset } from './add-reset.ts'
import { setEmail } from './change-email.ts'
import type { RecoveryDeps, RecoveryStores } from './recovery.ts'

interface Undo {
  readonly presented: PresentedProof
  readonly origin: ClientInfo
  readonly locale: Locale
}

/**
 * Gives an account the address back that it had, by the mail that this address got. INVARIANT: who changed it was signed in and may know the
 * password: every session ends, the password opens nothing any more, every other proof is useless, second factors that are as new as
 * the change are off, and a mail to set a new password is on its way to the old address. Refuses with `invalid_request`, `conflict` or `too_many_requests`.
 */
export async function undoEmailChange(
  deps: RecoveryDeps,
  { presented, origin, locale }: Undo,
): Promise<void> {
  const nowMs = deps.clock.nowMs()
  const proof = await findProof(deps, { presented, kinds: ['email_undo'], origin, nowMs })
  const { userId, email } = proof
  if (userId === null) throw uselessProof(presented)
  await deps.transaction(async stores => {
    if (!(await stores.proofs.consume(proof.id, nowMs))) throw uselessProof(presented)
    const before = await stores.users.lock(userId)
    if (before === undefined || !before.isActive || before.email === email) throw uselessProof(presented)
    await stores.proofs.cancelOf(userId, nowMs)
    // The mail has just been read, so the address is proved.
    await setEmail(stores, before, { email, isProved: true }, nowMs)
    await lockOut(stores, { userId, email, origin, nowMs })
    await removeNewFactors(stores, { userId, origin, nowMs, sinceMs: proof.createdAtMs - suspectMs })
    await addReset(stores, { userId, email, locale, nowMs })
    await stores.audit.append(
      {
        actorId: null,
        action: 'user.email_undo',
        target: userTarget(userId),
        origin,
        details: { email: { from: before.email, to: email } },
      },
      nowMs,
    )
    const notice = { userId, event: 'email_changed', origin, locale, toEmail: before.email } as const
    await addNotice(stores, notice, nowMs)
  })
}

interface LockedOut {
  readonly userId: UserId
  readonly email: string
  readonly origin: ClientInfo
  readonly nowMs: EpochMs
}

async function lockOut(stores: RecoveryStores, { userId, email, origin, nowMs }: LockedOut): Promise<void> {
  await stores.users.setPassword(userId, { email, passwordHash: unusablePassword, isProved: true }, nowMs)
  await endAllSessions(stores, userId, 'password_change', { actorId: null, origin, nowMs })
}

/** Who takes an account over may turn a factor on first, and change the address then. */
const suspectMs = 24 * 3_600_000

interface NewFactors extends Omit<LockedOut, 'email'> {
  readonly sinceMs: EpochMs
}

/** Otherwise the reset would ask the owner for a factor of the person who changed the address. Older ones stay: they are the owner's. */
async function removeNewFactors(
  stores: RecoveryStores,
  { userId, origin, nowMs, sinceMs }: NewFactors,
): Promise<void> {
  const removed = await stores.factors.deleteSince(userId, sinceMs)
  const reset = { userId, removed, reason: 'email_undo', actorId: null, origin, shownOrigin: origin }
  await recordFactorReset(stores, reset, nowMs)
}
