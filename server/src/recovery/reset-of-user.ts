import { assertMayTouch, type RightsStore } from '../access/index.ts'
import { type AuditLog, userTarget } from '../audit/index.ts'
import { type UserStore, unusablePassword } from '../identity/index.ts'
import {
  type Caller,
  type Clock,
  type EpochMs,
  Rejection,
  type Transact,
  type UserId,
} from '../kernel/index.ts'
import { addNotice, type OutboxStore } from '../mail/index.ts'
import type { ProofSecrets, ProofStore } from '../proofs/index.ts'
import { type EndingStores, endAllSessions } from '../sessions/index.ts'

interface ResetOfUserStores extends EndingStores {
  readonly users: UserStore
  readonly proofs: ProofStore
  readonly outbox: OutboxStore
  readonly rights: RightsStore
  readonly audit: AuditLog
}

export interface ResetOfUserDeps {
  readonly transaction: Transact<ResetOfUserStores>
  readonly clock: Clock
  readonly secrets: Pick<ProofSecrets, 'linkOf'>
}

interface Requested {
  readonly userId: UserId
  /** Absent: a mail, or a link where this server sends none. A link also works where the mail does not arrive. */
  readonly by?: 'link' | undefined
}

/** How its owner gets to a new password. */
interface ResetOfUser {
  /** SECRET: null where it was sent by mail. Works once, for an hour. */
  readonly link: string | null
  readonly expiresAtMs: EpochMs
}

/**
 * Has the owner of an account choose a new password: the present one opens nothing any more, every session ends, and a
 * mail is sent; where this server sends none the caller gets a link to hand over. No administrator chooses a password.
 * The command line may do it to any. Refuses with `not_found`, `permission_denied` (rank) or `conflict` (a closed account).
 */
export async function resetOfUser(
  deps: ResetOfUserDeps,
  { principal, origin }: Caller,
  { userId, by: wanted }: Requested,
): Promise<ResetOfUser> {
  const nowMs = deps.clock.nowMs()
  const act = { actorId: principal?.userId ?? null, origin, nowMs }
  return deps.transaction(async stores => {
    const { users, proofs, outbox, audit } = stores
    const user = await users.lock(userId)
    if (principal !== null) await assertMayTouch(stores, principal, userId)
    if (user === undefined) throw new Rejection('not_found')
    if (!user.isActive) throw new Rejection('conflict')
    const { email } = user
    await users.setPassword(userId, { email, passwordHash: unusablePassword, isProved: false }, nowMs)
    await endAllSessions(stores, userId, 'ended_by_admin', act)
    await proofs.cancelOf(userId, nowMs, ['email_undo', 'not_me'])
    const by = wanted ?? (outbox.isOn ? 'mail' : 'link')
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
    // Its reader's language is not the administrator's.
    const mail = { kind: 'password_reset', locale: null, toEmail: email, userId, proofId: proof.id } as const
    if (by === 'mail') await outbox.add({ ...mail, details: {} }, nowMs)
    await addNotice(stores, { userId, event: 'sessions_ended_by_admin', origin: null, locale: null }, nowMs)
    const { expiresAtMs } = proof
    return { link: by === 'link' ? deps.secrets.linkOf(proof) : null, expiresAtMs }
  })
}
