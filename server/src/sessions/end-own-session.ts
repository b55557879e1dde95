import {
  type Clock,
  type Origin,
  type Principal,
  Rejection,
  type SessionRowId,
  type Transact,
} from '../kernel/index.ts'
import { type EndingStores, endSessionById } from './end-session.ts'

export interface EndOwnSessionDeps {
  readonly transaction: Transact<EndingStores>
  readonly clock: Clock
}

/**
 * Ends one of the caller's own sessions. Another's, an ended one and none at all are the same `not_found`: the
 * caller learns nothing of sessions that are not theirs.
 */
export async function endOwnSession(
  deps: EndOwnSessionDeps,
  { principal, origin, id }: { principal: Principal; origin: Origin; id: SessionRowId },
): Promise<void> {
  const nowMs = deps.clock.nowMs()
  await deps.transaction(async stores => {
    const session = await stores.sessions.findById(id)
    if (session?.userId !== principal.userId) throw new Rejection('not_found')
    const ended = await endSessionById(stores, id, 'revoked', { actorId: principal.userId, origin, nowMs })
    if (!ended) throw new Rejection('not_found')
  })
}
