import { assertMailOn, type MailRequest, mailProof, mayMail } from '../proofs/index.ts'
import type { RecoveryDeps } from './recovery.ts'

/**
 * Sends the mail by which a password is set anew, if the address belongs to an active account. The same to the caller where it is
 * not. Refuses with `mail_not_configured` and `too_many_requests`.
 */
export async function requestReset(deps: RecoveryDeps, request: MailRequest): Promise<void> {
  assertMailOn(deps)
  const nowMs = deps.clock.nowMs()
  if (!(await mayMail(deps, request, nowMs))) return
  const wanted = { kind: 'password_reset', action: 'user.reset_request' } as const
  await deps.transaction(stores => mailProof(stores, wanted, request, nowMs))
}
