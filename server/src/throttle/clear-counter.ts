import type { Clock, Origin, Principal, Transact } from '../kernel/index.ts'
import { Refusal } from '../kernel/index.ts'
import type { Counter } from './counter.ts'
import type { ThrottleStores } from './throttle.ts'

export interface ClearCounterDeps {
  readonly transaction: Transact<ThrottleStores>
  readonly clock: Clock
}

interface Clearing {
  readonly principal: Principal
  readonly origin: Origin
  readonly id: number
}

/** Forgets what a counter counted: its wait is over at once. Refuses with `not_found`. */
export async function clearCounter(
  { transaction, clock }: ClearCounterDeps,
  { principal, origin, id }: Clearing,
): Promise<void> {
  await transaction(async ({ throttle, audit }) => {
    const cleared = await throttle.delete(id)
    if (cleared === undefined) throw new Refusal('not_found')
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
