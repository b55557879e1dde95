import { type EpochMs, Rejection } from '../kernel/index.ts'
import type { SessionStore } from '../sessions/index.ts'
import type { FactorKind } from './factor.ts'
import type { Owner } from './manage-factors.ts'

/** RFC 8176: what the enrolment of a factor shows. A passkey is made with its user verified. */
const shownBy: Readonly<Record<FactorKind, readonly string[]>> = {
  totp: ['otp'],
  passkey: ['pop', 'user'],
}

/**
 * Gives the session that has just enrolled a factor the level and the time of it, in the transaction of the enrolment; its tokens follow
 * by their next refresh. INVARIANT: only where the route asks for a fresh proof of what the account could show before, which is the
 * first of the two factors (ADR 47). Rejects with `invalid_token` when the session is over.
 */
export async function raiseByEnrolment(
  { sessions }: { readonly sessions: SessionStore },
  { principal: { sessionId } }: Owner,
  kind: FactorKind,
  nowMs: EpochMs,
): Promise<void> {
  const session = await sessions.touch(sessionId, nowMs)
  const amr = [...new Set([...(session?.amr ?? []), ...shownBy[kind], 'mfa'])]
  const raised = session && (await sessions.authenticateAgain(sessionId, { acr: 'aal2', amr }, nowMs))
  if (raised === undefined) throw new Rejection('invalid_token', { cause: 'ended' })
}
