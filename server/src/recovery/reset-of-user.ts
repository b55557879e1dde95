import { assertMayTouch, type RightsStore } from '../access/index.ts'
import { userTarget } from '../audit/index.ts'
import { unusablePassword } from '../identity/index.ts'
import {
  type ClientInfo,
  type EpochMs,
  type Principal,
  Rejection,
  type Transact,
  type UserId,
} from '../kernel/index.ts'
import { addNotice } from '../mail/index.ts'
import { endAllSessions } from '../sessions/index.ts'
import type { RecoveryDeps, RecoveryStores } from './recovery.ts'

export interface ResetOfUserDeps extends Omit<RecoveryDeps, 'transaction' | 'byFactor'> {
  readonly transaction: Transact<RecoveryStores & { readonly rights: RightsStore }>
}

interface Requested {
  readonly principal: Principal
  readonly origin: ClientInfo
  readonly userId: UserId
}

/** How its owner gets to a new password. */
export interface ResetOfUser {
  /** SECRET: null where it was sent by mail. Works once, for an hour. */
  readonly link: string | null
  readonly expiresAtMs: EpochMs
}

/**
 * Has the owner of an account choose a new password: the present one opens nothing any more, every session ends, and a
 * mail is sent; where this server sends none the caller gets a link to hand over. No administrator chooses a password.
 * Refuses with `not_found`, `permission_denied` (rank) or `conflict` (a closed account).
 */
export async function resetOfUser(
  deps: ResetOfUserDeps,
  { principal, origin, userId }: Requested,
): Promise<ResetOfUser> {
  const nowMs = deps.clock.nowMs()
  const act = { actorId: principal.userId, origin, nowMs }
  return deps.transaction(async stores => {
    const { users, proofs, outbox, audit } = stores
    const user = await users.lock(userId)
    await assertMayTouch(stores, principal, userId)
    if (user === undefined) throw new Rejection('not_found')
    if (!user.isActive) throw new Rejection('conflict')
    const { email } = user
    await users.setPassword(userId, { email, passwordHash: unusablePassword, isProved: false }, nowMs)
    await endAllSessions(stores, userId, 'ended_by_admin', act)
    await proofs.cancelOf(userId, nowMs, ['email_undo'])
    const by = outbox.isOn ? 'mail' : 'link'
    const proof = await proofs.add({ kind: 'password_reset', userId, email, details: { by } }, nowMs)
    await audit.append(
      {
        actorId: act.actorId,
        action: 'user.reset_start',
        target: userTarget(userId),
        origin,
        details: { by },
      },
      nowMs,
    )
    const { expiresAtMs } = proof
    if (by === 'link') return { link: deps.secrets.linkOf(proof), expiresAtMs }
    // Its reader's language is not the administrator's.
    const mail = { kind: 'password_reset', locale: null, toEmail: email, userId, proofId: proof.id } as const
    await outbox.add({ ...mail, details: {} }, nowMs)
    await addNotice(stores, { userId, event: 'sessions_ended_by_admin', origin: null, locale: null }, nowMs)
    return { link: null, expiresAtMs }
  })
}
