import { userTarget } from '../audit/index.ts'
import { emailTaken, parseEmail, type User } from '../identity/index.ts'
import {
  type ClientInfo,
  type EpochMs,
  invalidField,
  type Locale,
  message,
  Rejection,
  type SessionPrincipal,
} from '../kernel/index.ts'
import { assertMailOn, findProof, mayMailTo, type PresentedProof, uselessProof } from '../proofs/index.ts'
import type { RecoveryDeps, RecoveryStores } from './recovery.ts'

interface Requested {
  readonly principal: SessionPrincipal
  /** The new address as it was presented. */
  readonly email: string
  readonly origin: ClientInfo
  readonly locale: Locale
}

/**
 * Sends a mail to the new address of the caller's account, which stays as it is until that mail is shown by `confirmEmailChange`. INVARIANT: the same
 * answer after the same work whether the address is another's: then its owner gets a mail that says so. Refuses with
 * `mail_not_configured`, `invalid_request` or `too_many_requests`.
 */
export async function requestEmailChange(
  deps: RecoveryDeps,
  { principal: { userId }, email: presented, origin, locale }: Requested,
): Promise<void> {
  assertMailOn(deps)
  const nowMs = deps.clock.nowMs()
  const email = parseEmail(presented)
  if (email === undefined) throw invalidField('email', message('email.invalid'))
  await deps.throttle.take('mail_account', String(userId), nowMs)
  if (!(await mayMailTo(deps, email, nowMs))) return
  await deps.transaction(async ({ users, proofs, outbox, audit }) => {
    const own = await users.findById(userId)
    if (own?.email === email) throw invalidField('email', message('email.same'))
    const taken = await users.findByEmail(email)
    const decoy = taken !== undefined && { expiresAtMs: nowMs }
    const details = { from: own?.email }
    const proof = await proofs.add({ kind: 'email_change', userId, email, details, ...decoy }, nowMs)
    const about = taken
      ? ({ kind: 'address_taken', userId: taken.user.id, proofId: null } as const)
      : ({ kind: 'email_change', userId, proofId: proof.id } as const)
    await outbox.add({ ...about, locale, toEmail: email, details: {} }, nowMs)
    await audit.append(
      { actorId: userId, action: 'user.email_change_request', target: userTarget(userId), origin },
      nowMs,
    )
  })
}

interface Confirmation {
  readonly principal: SessionPrincipal
  /** The token of the mail, or its code alone: the address is known. */
  readonly shown: { readonly token: string } | { readonly code: string; readonly email: string }
  readonly origin: ClientInfo
  readonly locale: Locale
}

/**
 * Gives the caller's account the address whose mail is shown, and sends the old one a mail by which it can be undone for seven days.
 * Every other proof of the account is useless from now on. Asked with a session of the account, so that the reader of a mistyped
 * address cannot take the account. Refuses with `invalid_request`, `conflict` (the address is taken) or `too_many_requests`.
 */
export async function confirmEmailChange(
  deps: RecoveryDeps,
  { principal: { userId }, shown, origin, locale }: Confirmation,
): Promise<void> {
  const nowMs = deps.clock.nowMs()
  const presented: PresentedProof = shown
  const proof = await findProof(deps, { presented, kinds: ['email_change'], origin, nowMs })
  if (proof.userId !== userId) throw uselessProof(presented)
  await deps.transaction(async stores => {
    if (!(await stores.proofs.consume(proof.id, nowMs))) throw uselessProof(presented)
    const before = await stores.users.lock(userId)
    // The account may have got another address since the mail was asked for.
    if (before === undefined || before.email !== proof.details.from) throw uselessProof(presented)
    await stores.proofs.cancelOf(userId, nowMs, ['email_undo'])
    await setEmail(stores, before, { email: proof.email, isProved: true }, nowMs)
    await addUndo(stores, before, { locale, nowMs })
    await stores.audit.append(
      {
        actorId: userId,
        action: 'user.email_change',
        target: userTarget(userId),
        origin,
        details: { email: { from: before.email, to: proof.email } },
      },
      nowMs,
    )
  })
}

/** Refuses with `conflict` when the address is taken. */
export async function setEmail(
  { users }: Pick<RecoveryStores, 'users'>,
  before: User,
  { email, isProved }: { readonly email: string; readonly isProved: boolean },
  nowMs: EpochMs,
): Promise<void> {
  const after = await users.updateLocked(before, { email }, nowMs)
  if (after === 'taken') throw emailTaken()
  if (isProved && !(await users.verifyEmail(before.id, email, nowMs))) throw new Rejection('invalid_token')
}

/**
 * The mail to the old address: what happened, and the link that undoes it. None to an address that was never proved: who
 * mistyped it at registration and corrects it now would hand the account to the reader of another mailbox.
 */
async function addUndo(
  { proofs, outbox }: Pick<RecoveryStores, 'proofs' | 'outbox'>,
  { id: userId, email, emailVerified }: User,
  { locale, nowMs }: { readonly locale: Locale; readonly nowMs: EpochMs },
): Promise<void> {
  if (!outbox.isOn || !emailVerified) return
  const proof = await proofs.add({ kind: 'email_undo', userId, email, details: {} }, nowMs)
  const mail = { kind: 'email_changed', locale, toEmail: email, userId, proofId: proof.id } as const
  await outbox.add({ ...mail, details: { at: nowMs } }, nowMs)
}
