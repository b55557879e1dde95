import { assertMayTouch, type RightsStore } from '../access/index.ts'
import type { Clock, Origin, Principal, Transact, UserId } from '../kernel/index.ts'
import { Rejection } from '../kernel/index.ts'
import { accountOf, type Counter } from './counter.ts'
import type { ThrottleStores } from './throttle.ts'

interface ClearingStores extends ThrottleStores {
  readonly rights: RightsStore
  readonly users: AccountFinder
}

interface AccountFinder {
  findByEmail(email: string): Promise<{ readonly user: { readonly id: UserId } } | undefined>
}

export interface ClearCounterDeps {
  readonly transaction: Transact<ClearingStores>
  readonly clock: Clock
}

interface Clearing {
  readonly principal: Principal
  readonly origin: Origin
  readonly id: number
}

/**
 * Forgets what a counter counted: its wait is over at once. Refuses with `not_found`, or with `permission_denied` when
 * it counts for an account that outranks the caller.
 */
export async function clearCounter(
  { transaction, clock }: ClearCounterDeps,
  { principal, origin, id }: Clearing,
): Promise<void> {
  await transaction(async ({ throttle, audit, ...stores }) => {
    const cleared = await throttle.delete(id)
    if (cleared === undefined) throw new Rejection('not_found')
    const userId = await findAccount(stores.users, cleared)
    // What it refuses is thrown, and brings the counter back.
    if (userId !== undefined) await assertMayTouch(stores, principal, userId)
    await audit.append(
      {
        actorId: principal.userId,
        action: 'throttle.clear',
        target: `throttle/${id}`,
        origin,
        details: describe(cleared),
      },
      clock.nowMs(),
    )
  })
}

const describe = ({ kind, subject, failures }: Counter) => ({ kind, subject, failures })

/** Undefined when the counter is not of one account, or when no account has the address. */
async function findAccount(users: AccountFinder, counter: Counter): Promise<UserId | undefined> {
  const account = accountOf(counter)
  if (account === undefined) return undefined
  return 'id' in account ? (account.id as UserId) : (await users.findByEmail(account.email))?.user.id
}
