import { isSessionId, readSignedToken } from '@propusk/gate/core'
import type { GrantsStore, UserGrants } from '../access/index.ts'
import type { EpochMs, RefreshTokenId, SessionId, UserId } from '../kernel/index.ts'
import type { KeyRing } from '../keys/index.ts'
import { refreshTokenType } from './issue-tokens.ts'
import type { RefreshTokenStore } from './refresh-token-store.sql.ts'
/** What a genuine refresh token says. Whether it still works only the database knows. */
export interface RefreshClaims {
  readonly jti: RefreshTokenId
  readonly sessionId: SessionId
  readonly userId: UserId
  readonly issuedAtMs: EpochMs
  readonly expiresAtMs: EpochMs
}

/** The claims of a token that this server signed as a refresh token and that has not expired; else undefined. */
export type OpenRefreshToken = (presented: string, nowMs: EpochMs) => RefreshClaims | undefined

/** Form, type, algorithm and signature are checked by the gate's own reader, so both kinds of token have one spelling. */
export const createRefreshTokenOpener =
  (keyRing: KeyRing, issuer: string): OpenRefreshToken =>
  (presented, nowMs) => {
    const read = readSignedToken(presented, refreshTokenType, kid => keyRing.verifierOf(kid, nowMs))
    if (!read.ok) return undefined
    const { iss, aud, sub, exp, iat, jti, sid } = read.payload
    if (iss !== issuer || aud !== issuer) return undefined
    if (typeof sub !== 'string' || !/^[1-9][0-9]{0,15}$/.test(sub)) return undefined
    if (typeof jti !== 'string' || !isSessionId(sid) || typeof exp !== 'number' || typeof iat !== 'number')
      return undefined
    const expiresAtMs = Math.round(exp * 1000)
    if (expiresAtMs <= nowMs) return undefined
    return {
      jti: jti as RefreshTokenId,
      sessionId: sid as SessionId,
      userId: Number(sub) as UserId,
      issuedAtMs: Math.round(iat * 1000),
      expiresAtMs,
    }
  }

interface Deps {
  readonly openRefreshToken: OpenRefreshToken
  readonly refreshTokens: RefreshTokenStore
  readonly userGrants: GrantsStore
}

interface RefreshBearer {
  readonly userId: UserId
  readonly sessionId: SessionId
  readonly grants: UserGrants
  readonly expiresAtMs: EpochMs
}

/**
 * Accepts a refresh token where an access token belongs (PROPUSK_REFRESH_AS_BEARER, discouraged). It is not
 * consumed by it, and it must be one that could be: genuine, not consumed, of a living session of an active account. Undefined for
 * any other text.
 */
export async function acceptRefreshToken(
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
