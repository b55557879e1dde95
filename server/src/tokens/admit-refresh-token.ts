import type { GrantsStore, UserGrants } from '../access/index.ts'
import type { EpochMs, SessionId, UserId } from '../kernel/index.ts'
import type { OpenRefreshToken } from './open-refresh-token.ts'
import type { RefreshTokenStore } from './refresh-token-store.sql.ts'

interface Deps {
  readonly openRefreshToken: OpenRefreshToken
  readonly refreshTokens: RefreshTokenStore
  readonly userGrants: GrantsStore
}

export interface RefreshBearer {
  readonly userId: UserId
  readonly sessionId: SessionId
  readonly grants: UserGrants
  readonly expiresAtMs: EpochMs
}

/**
 * Takes a refresh token where an access token belongs (PROPUSK_REFRESH_AS_BEARER, discouraged). It is not
 * consumed by it, and it must be one that could be: genuine, not consumed, of a living session of an active account. Undefined for
 * any other text.
 */
export async function admitRefreshToken(
  { openRefreshToken, refreshTokens, userGrants }: Deps,
  presented: string,
  nowMs: EpochMs,
): Promise<RefreshBearer | undefined> {
  const claims = openRefreshToken(presented, nowMs)
  if (claims === undefined) return undefined
  if (!(await refreshTokens.isUsable(claims.jti, claims.sessionId, nowMs))) return undefined
  const grants = await userGrants.find(claims.userId)
  if (grants === undefined || !grants.isActive) return undefined
  return { userId: claims.userId, sessionId: claims.sessionId, grants, expiresAtMs: claims.expiresAtMs }
}
