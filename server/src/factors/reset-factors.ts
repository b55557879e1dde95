import { assertMayTouch, type RightsStore } from '../access/index.ts'
import { type AuditLog, userTarget } from '../audit/index.ts'
import type { UserStore } from '../identity/index.ts'
import { type Caller, type Clock, Rejection, type Transact, type UserId } from '../kernel/index.ts'
import { addNotice, type NoticeStores, type OutboxStore } from '../mail/index.ts'
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
    if (removed.length === 0) return 0
    await stores.audit.append(
      {
        actorId: principal?.userId ?? null,
        action: 'factor.reset',
        target: userTarget(userId),
        origin,
        details: { factors: removed.map(({ kind, name }) => `${kind}: ${name}`), reason },
      },
      nowMs,
    )
    // Of the owner, who may not have asked for it; from where the administrator works is nothing to tell.
    await addNotice(stores, { userId, event: 'factor_removed', origin: null, locale: null }, nowMs)
    return removed.length
  })
}
