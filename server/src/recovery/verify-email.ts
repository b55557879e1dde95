import { userTarget } from '../audit/index.ts'
import { assertNewPassword } from '../identity/index.ts'
import {
  type ClientInfo,
  invalidField,
  type Locale,
  message,
  Rejection,
  type SessionPrincipal,
} from '../kernel/index.ts'
import {
  assertMailOn,
  findProof,
  type PresentedProof,
  type Proof,
  type ProofKind,
  uselessProof,
} from '../proofs/index.ts'
import { makeRegistered, pendingOf } from '../sign-in/index.ts'
import type { RecoveryDeps, RecoveryStores } from './recovery.ts'

interface Verification {
  readonly presented: PresentedProof
  /** That of the registration once more; or, with `password2`, a new one in its place. */
  readonly password?: string | undefined
  readonly password2?: string | undefined
  readonly origin: ClientInfo
}

/**
 * Confirms the address of an account, or makes the account whose registration waited for it. Begins no session. With a password it is about
 * a registration alone: the password must be the one of the registration, or a new one that is given twice. Refuses with `invalid_request`
 * (a proof that does not work, or a password that does not fit, which leaves the proof as it was), `too_many_requests`, or
 * `conflict` where the address was taken since.
 */
export async function verifyEmail(deps: RecoveryDeps, verification: Verification): Promise<void> {
  const { presented, password, origin } = verification
  const nowMs = deps.clock.nowMs()
  const kinds: readonly ProofKind[] =
    password === undefined ? ['email_verify', 'registration'] : ['registration']
  const proof = await findProof(deps, { presented, kinds, origin, nowMs })
  const shownHash = await hashOfShown(deps, proof, verification)
  await deps.transaction(async stores => {
    if (!(await stores.proofs.consume(proof.id, nowMs))) throw uselessProof(presented)
    const userId = await applyTo(stores, { proof, shownHash }, nowMs)
    if (userId === undefined) throw uselessProof(presented)
    await stores.audit.append(
      {
        actorId: userId,
        action: proof.kind === 'registration' ? 'user.register' : 'user.email_verify',
        target: userTarget(userId),
        origin,
      },
      nowMs,
    )
  })
}

/**
 * INVARIANT: the reader of a mail may not be the person who registered (ADR 45): the password that is shown or chosen here is that of the
 * reader. Undefined where none is.
 */
async function hashOfShown(
  deps: RecoveryDeps,
  proof: Proof,
  { password, password2 }: Verification,
): Promise<string | undefined> {
  if (password === undefined) return undefined
  const { passwordHash, own } = pendingOf(proof)
  if (password2 !== undefined) {
    assertNewPassword(deps, { password, password2 }, { email: proof.email, ...own })
    return deps.hasher.hash(password)
  }
  if (!(await deps.hasher.verify(password, passwordHash)).matches)
    throw invalidField('password', message('password.not_registered'))
  return passwordHash
}

interface Applied {
  readonly proof: Proof
  readonly shownHash: string | undefined
}

/** The account that it is about; undefined where that is closed, or has another address. */
async function applyTo(stores: RecoveryStores, { proof, shownHash }: Applied, nowMs: number) {
  const { userId, email } = proof
  if (proof.kind === 'registration') return makeRegistered(stores, { proof, shownHash }, nowMs)
  return userId !== null && (await stores.users.verifyEmail(userId, email, nowMs)) ? userId : undefined
}

interface OwnRequest {
  readonly principal: SessionPrincipal
  readonly origin: ClientInfo
  readonly locale: Locale
}

/** Sends the mail that proves the caller's own address, once more. Refuses with `mail_not_configured` and `too_many_requests`. */
export async function requestVerification(
  deps: RecoveryDeps,
  { principal: { userId }, origin, locale }: OwnRequest,
): Promise<void> {
  assertMailOn(deps)
  const nowMs = deps.clock.nowMs()
  await deps.throttle.take('mail_account', String(userId), nowMs)
  await deps.transaction(async ({ users, proofs, outbox, audit }) => {
    const user = await users.findById(userId)
    if (user === undefined) throw new Rejection('invalid_token')
    const proof = await proofs.add({ kind: 'email_verify', userId, email: user.email }, nowMs)
    await outbox.add(
      { kind: 'email_verify', locale, toEmail: user.email, userId, proofId: proof.id, details: {} },
      nowMs,
    )
    await audit.append(
      { actorId: userId, action: 'user.email_verify_request', target: userTarget(userId), origin },
      nowMs,
    )
  })
}
