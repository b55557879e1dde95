import type { Clock, Origin, Transact } from '../kernel/index.ts'
import { type EndingStores, type EndReason, endSessionByUuid } from '../sessions/index.ts'
import type { OpenRefreshToken } from './open-refresh-token.ts'

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
  { presented, origin }: { readonly presented: string; readonly origin: Origin },
  reason: EndReason = 'revoked',
): Promise<void> {
  const nowMs = clock.nowMs()
  const claims = openRefreshToken(presented, nowMs)
  if (claims === undefined) return
  await transaction(stores =>
    endSessionByUuid(stores, claims.sessionId, reason, { actorId: claims.userId, origin, nowMs }),
  )
}
