import { assertMayTouch, type RightsStore } from '../access/index.ts'
import { type AuditLog, userTarget } from '../audit/index.ts'
import type { UserStore } from '../identity/index.ts'
import {
  type Caller,
  type ClientInfo,
  type Clock,
  type EpochMs,
  Rejection,
  type Transact,
  type UserId,
} from '../kernel/index.ts'
import { addNotice, type NoticeStores, type OutboxStore } from '../mail/index.ts'
import type { Factor } from './factor.ts'
import type { FactorStore } from './factor-store.sql.ts'

export interface ResetFactorsDeps {
  readonly transaction: Transact<{
    readonly factors: FactorStore
    readonly users: UserStore
    readonly rights: RightsStore
    readonly audit: AuditLog
    readonly outbox: OutboxStore
    readonly proofs: NoticeStores['proofs']
  }>
  readonly clock: Clock
}

/**
 * Takes every second factor and recovery code of an account away, so that its password alone signs in and its owner can enrol
 * anew: for who has lost all of them. Gives how many factors were on. Rejects with `not_found`, or with `permission_denied`
 * when the account outranks the caller; the command line may do it to any.
 */
export async function resetFactors(
  { transaction, clock }: ResetFactorsDeps,
  { principal, origin }: Caller,
  { userId, reason }: { readonly userId: UserId; readonly reason: string },
): Promise<number> {
  const nowMs = clock.nowMs()
  return transaction(async stores => {
    if ((await stores.users.lock(userId)) === undefined) throw new Rejection('not_found')
    if (principal !== null) await assertMayTouch(stores, principal, userId)
    const removed = await stores.factors.deleteAll(userId)
    const actorId = principal?.userId ?? null
    // From where the administrator works is nothing to tell the owner.
    await recordFactorReset(stores, { userId, removed, reason, actorId, origin, shownOrigin: null }, nowMs)
    return removed.length
  })
}

interface FactorReset {
  readonly userId: UserId
  readonly removed: readonly Factor[]
  readonly reason: string
  readonly actorId: UserId | null
  readonly origin: ClientInfo | null
  /** From where it was done, as the notice says it. */
  readonly shownOrigin: ClientInfo | null
}

/** The audit event of factors that are gone, and the notice to their owner, who may not have asked for it. Nothing where none was on. */
export async function recordFactorReset(
  stores: NoticeStores & { readonly audit: AuditLog },
  { userId, removed, reason, actorId, origin, shownOrigin }: FactorReset,
  nowMs: EpochMs,
): Promise<void> {
  if (removed.length === 0) return
  const factors = removed.map(({ kind, name }) => `${kind}: ${name}`)
  await stores.audit.append(
    {
      actorId,
      action: 'factor.reset',
      target: userTarget(userId),
      origin,
      details: { factors, reason },
    },
    nowMs,
  )
  await addNotice(stores, { userId, event: 'factor_removed', origin: shownOrigin, locale: null }, nowMs)
}
