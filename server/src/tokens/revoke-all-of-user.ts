import { assertMayTouch, type GrantsStore, type RightsStore } from '../access/index.ts'
import {
  type Clock,
  type Origin,
  type Principal,
  Rejection,
  type Transact,
  type UserId,
} from '../kernel/index.ts'
import { type EndingStores, endAllSessions } from '../sessions/index.ts'

export interface RevokeAllDeps {
  readonly transaction: Transact<
    EndingStores & { readonly rights: RightsStore; readonly userGrants: GrantsStore }
  >
  readonly clock: Clock
}

/**
 * Ends every session of another user, as an administrator, and gives their number. Refuses with `not_found`, or with
 * `permission_denied` when the account outranks the caller.
 */
export async function revokeAllOfUser(
  deps: RevokeAllDeps,
  { principal, origin, userId }: { principal: Principal; origin: Origin; userId: UserId },
): Promise<number> {
  const act = { actorId: principal.userId, origin, nowMs: deps.clock.nowMs() }
  return deps.transaction(async stores => {
    if ((await stores.userGrants.find(userId)) === undefined) throw new Rejection('not_found')
    await assertMayTouch(stores, principal, userId)
    return endAllSessions(stores, userId, 'revoked_all', act)
  })
}
