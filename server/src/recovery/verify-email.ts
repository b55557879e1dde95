import { userTarget } from '../audit/index.ts'
import type { ClientInfo, Locale, SessionPrincipal } from '../kernel/index.ts'
import { Rejection } from '../kernel/index.ts'
import { assertMailOn, findProof, type PresentedProof, type Proof, uselessProof } from '../proofs/index.ts'
import { makeRegistered } from '../sign-in/index.ts'
import type { RecoveryDeps, RecoveryStores } from './recovery.ts'

interface Verification {
  readonly presented: PresentedProof
  readonly origin: ClientInfo
}

/**
 * Proves the address of an account, or makes the account whose registration waited for it. Begins no session. Refuses with `invalid_request`
 * (a proof that does not work), `too_many_requests`, or `conflict` where the address was taken since.
 */
export async function verifyEmail(deps: RecoveryDeps, { presented, origin }: Verification): Promise<void> {
  const nowMs = deps.clock.nowMs()
  const proof = await findProof(deps, { presented, kinds: ['email_verify', 'registration'], origin, nowMs })
  await deps.transaction(async stores => {
    if (!(await stores.proofs.consume(proof.id, nowMs))) throw uselessProof(presented)
    const userId = await applyTo(stores, proof, nowMs)
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

/** The account that it is about; undefined where that is closed, or has another address. */
async function applyTo(stores: RecoveryStores, proof: Proof, nowMs: number) {
  const { userId, email } = proof
  if (proof.kind === 'registration') return makeRegistered(stores, proof, nowMs)
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
