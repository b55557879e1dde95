import { networkOf } from '../addresses/index.ts'
import { type AuditAction, type AuditLog, userTarget } from '../audit/index.ts'
import type { UserStore } from '../identity/index.ts'
import { type ClientInfo, type EpochMs, type Locale, Rejection } from '../kernel/index.ts'
import type { OutboxStore } from '../mail/index.ts'
import type { Throttle } from '../throttle/index.ts'
import type { ProofStore } from './proof-store.sql.ts'

/** Who asks for a mail, and in which language its reader is to have it. */
export interface MailRequest {
  /** Canonical. */
  readonly email: string
  readonly origin: ClientInfo
  readonly locale: Locale
}

/** Refuses with `mail_not_configured` whatever only mail can do. */
export function assertMailOn({ isMailOn }: { readonly isMailOn: boolean }): void {
  if (!isMailOn) throw new Rejection('mail_not_configured')
}

interface ThrottleDeps {
  readonly throttle: Pick<Throttle, 'take' | 'tryTake'>
}

/**
 * Whether a mail may be sent that a caller asks for who is not signed in. Refuses with `too_many_requests` by the
 * network of the caller. False when the address, or all of them together, have had enough, of which no answer tells.
 * INVARIANT: asks nothing about an account, so neither the answer nor its time tells whether there is one.
 */
export async function mayMail(
  { throttle }: ThrottleDeps,
  { email, origin }: Pick<MailRequest, 'email' | 'origin'>,
  nowMs: EpochMs,
): Promise<boolean> {
  await throttle.take('mail_network', networkOf(origin.ipAddress), nowMs)
  return mayMailTo({ throttle }, email, nowMs)
}

/** The same for a mail that goes with something else, which it must not refuse. */
export const mayMailTo = async (
  { throttle }: ThrottleDeps,
  email: string,
  nowMs: EpochMs,
): Promise<boolean> =>
  (await throttle.tryTake('mail_address', email, nowMs)) && (await throttle.tryTake('mail_total', '*', nowMs))

interface ProofMailStores {
  readonly users: Pick<UserStore, 'findByEmail'>
  readonly proofs: Pick<ProofStore, 'add'>
  readonly outbox: Pick<OutboxStore, 'add'>
  readonly audit: AuditLog
}

/**
 * Mails a proof to the account of an address, if that is open. INVARIANT: known and unknown addresses are the same to the
 * caller, in answer, work and time: both leave a proof and a mail; that of an unknown one has expired when it is made, so it is
 * never sent (ADR 45).
 */
export async function mailProof(
  { users, proofs, outbox, audit }: ProofMailStores,
  { kind, action }: { readonly kind: 'password_reset' | 'login_code'; readonly action: AuditAction },
  { email, origin, locale }: MailRequest,
  nowMs: EpochMs,
): Promise<void> {
  const account = await users.findByEmail(email)
  const userId = account?.user.isActive ? account.user.id : null
  const decoy = userId === null && { expiresAtMs: nowMs }
  const proof = await proofs.add({ kind, userId, email, ...decoy }, nowMs)
  await outbox.add({ kind, locale, toEmail: email, userId, proofId: proof.id, details: {} }, nowMs)
  const target = userId === null ? null : userTarget(userId)
  await audit.append({ actorId: null, action, target, origin }, nowMs)
}
