import type { AuditAction } from '../audit/index.ts'
import { actByFactor, factorMethods, type PresentedFactor, wrongFactor } from '../factors/index.ts'
import type { User } from '../identity/index.ts'
import { type ClientInfo, needsFactor } from '../kernel/index.ts'
import type { RecoveryDeps, RecoveryStores } from './recovery.ts'

interface Shown {
  readonly presented: PresentedFactor
  /** What the challenge of a passkey must have been made for. */
  readonly purpose: string
  readonly origin: ClientInfo
}

const failure = { action: 'user.password_reset' as AuditAction, actorId: null }

/**
 * Does work for which a mail was shown. INVARIANT: an account with a second factor is opened by no mail alone: the factor is used up in the transaction
 * of the work. Refuses with `insufficient_user_authentication` where one is needed and none is shown, with `invalid_credentials` where it
 * is wrong, and with `too_many_requests` after too many wrong ones.
 */
export async function withFactor(
  deps: Pick<RecoveryDeps, 'transaction' | 'byFactor'>,
  user: User,
  { presented, purpose, origin }: Shown,
  work: (stores: RecoveryStores) => Promise<void>,
): Promise<void> {
  if ((await factorMethods(deps.byFactor.stores, user.id)).length === 0) {
    return deps.transaction(async stores => {
      // One may have been turned on since.
      if (await stores.factors.isOn(user.id)) throw needsFactor()
      await work(stores)
    })
  }
  if (Object.values(presented).every(shown => shown === undefined)) throw needsFactor()
  const use = { user, presented, purpose, origin, failure }
  const done = await actByFactor(deps.byFactor, use, async stores => {
    await work(stores)
    return true
  })
  if (done === undefined) throw wrongFactor(presented)
}
