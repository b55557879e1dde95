import { assertMayTouch, type GrantsStore, type RightsStore } from '../access/index.ts'
import {
  type ClientInfo,
  type Clock,
  type Principal,
  Rejection,
  type Transact,
  type UserId,
} from '../kernel/index.ts'
import type { NoticeStores } from '../mail/index.ts'
import {
  type EndingStores,
  type EndReason,
  endAllSessions,
  endSessionByUuid,
  notifyOfEnd,
} from '../sessions/index.ts'
import type { OpenRefreshToken } from './read-refresh-token.ts'
export interface RevocationDeps {
  readonly transaction: Transact<EndingStores>
  readonly openRefreshToken: OpenRefreshToken
  readonly clock: Clock
}

/**
 * Ends the session of a genuine refresh token (RFC 7009 section 2.1). Anything else changes nothing and says
 * nothing (section 2.2): who holds a token may end it, who does not learns nothing.
 */
export async function revokeRefreshToken(
  { transaction, openRefreshToken, clock }: RevocationDeps,
  { presented, origin }: { readonly presented: string; readonly origin: ClientInfo },
  reason: EndReason = 'revoked',
): Promise<void> {
  const nowMs = clock.nowMs()
  const claims = openRefreshToken(presented, nowMs)
  if (claims === undefined) return
  await transaction(stores =>
    endSessionByUuid(stores, claims.sessionId, reason, { actorId: claims.userId, origin, nowMs }),
  )
}

interface RevokeAllDeps {
  readonly transaction: Transact<
    EndingStores & NoticeStores & { readonly rights: RightsStore; readonly userGrants: GrantsStore }
  >
  readonly clock: Clock
}

/**
 * Ends every session of another user, as an administrator, and gives their number. Refuses with `not_found`, or with
 * `permission_denied` when the account outranks the caller.
 */
export async function revokeAllOfUser(
  deps: RevokeAllDeps,
  { principal, origin, userId }: { principal: Principal; origin: ClientInfo; userId: UserId },
): Promise<number> {
  const act = { actorId: principal.userId, origin, nowMs: deps.clock.nowMs() }
  return deps.transaction(async stores => {
    if ((await stores.userGrants.find(userId)) === undefined) throw new Rejection('not_found')
    await assertMayTouch(stores, principal, userId)
    const ended = await endAllSessions(stores, userId, 'revoked_all', act)
    if (ended > 0) await notifyOfEnd(stores, principal, userId, act.nowMs)
    return ended
  })
}
