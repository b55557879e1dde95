import { userTarget } from '../audit/index.ts'
import { assertMailOn, type MailRequest, mayMail } from '../proofs/index.ts'
import type { RecoveryDeps } from './recovery.ts'

/**
 * Sends the mail by which a password is set anew, if the address belongs to an active account. INVARIANT: known and unknown addresses are the
 * same to the caller, in answer, work and time: both leave a proof and a mail; that of an unknown one has expired when it
 * is made, so it is never sent (ADR 45). Refuses with `mail_not_configured` and `too_many_requests`.
 */
export async function requestReset(deps: RecoveryDeps, request: MailRequest): Promise<void> {
  assertMailOn(deps)
  const { email, origin, locale } = request
  const nowMs = deps.clock.nowMs()
  if (!(await mayMail(deps, request, nowMs))) return
  await deps.transaction(async ({ users, proofs, outbox, audit }) => {
    const account = await users.findByEmail(email)
    const userId = account?.user.isActive ? account.user.id : null
    const decoy = userId === null && { expiresAtMs: nowMs }
    const proof = await proofs.add({ kind: 'password_reset', userId, email, ...decoy }, nowMs)
    const mail = { kind: 'password_reset', locale, toEmail: email, userId, proofId: proof.id } as const
    await outbox.add({ ...mail, details: {} }, nowMs)
    await audit.append(
      {
        actorId: null,
        action: 'user.reset_request',
        target: userId === null ? null : userTarget(userId),
        origin,
      },
      nowMs,
    )
  })
}
