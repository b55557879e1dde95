import { assertMayTouch, type RightsStore } from '../access/index.ts'
import {
  type Clock,
  type Origin,
  type Principal,
  Rejection,
  type SessionRowId,
  type Transact,
} from '../kernel/index.ts'
import { type EndingStores, endSessionById } from './end-session.ts'
import { type Session, settled } from './session.ts'

export interface EndUsersSessionDeps {
  readonly transaction: Transact<EndingStores & { readonly rights: RightsStore }>
  readonly clock: Clock
}

/**
 * Ends a session of any user, for an administrator; gives it as it is afterwards. Ending an ended one is harmless.
 * Refuses with `not_found`, or with `permission_denied` when the account outranks the caller.
 */
export async function endUsersSession(
  deps: EndUsersSessionDeps,
  { principal, origin, id }: { principal: Principal; origin: Origin; id: SessionRowId },
): Promise<Session> {
  const nowMs = deps.clock.nowMs()
  return deps.transaction(async stores => {
    const found = await stores.sessions.findById(id)
    if (found === undefined) throw new Rejection('not_found')
    await assertMayTouch(stores, principal, found.userId)
    await endSessionById(stores, id, 'ended_by_admin', { actorId: principal.userId, origin, nowMs })
    return settled((await stores.sessions.findById(id)) ?? found, nowMs)
  })
}
