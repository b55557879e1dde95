import { isSessionId, readSignedToken } from '@propusk/gate'
import type { EpochMs, RefreshTokenId, SessionId, UserId } from '../kernel/index.ts'
import type { KeyRing } from '../keys/index.ts'
import { refreshTokenType } from './token-issuer.ts'

/** What a genuine refresh token says. Whether it still works only the database knows. */
export interface RefreshClaims {
  readonly jti: RefreshTokenId
  readonly sessionId: SessionId
  readonly userId: UserId
  readonly expiresAtMs: EpochMs
}

/** The claims of a token that this server signed as a refresh token and that has not expired; else undefined. */
export type OpenRefreshToken = (presented: string, nowMs: EpochMs) => RefreshClaims | undefined

/** Form, type, algorithm and signature are judged by the gate's own reader, so both kinds of token have one spelling. */
export const createRefreshTokenOpener =
  (keyRing: KeyRing, issuer: string): OpenRefreshToken =>
  (presented, nowMs) => {
    const read = readSignedToken(presented, refreshTokenType, kid => keyRing.verifierOf(kid, nowMs))
    if (!read.ok) return undefined
    const { iss, aud, sub, exp, jti, sid } = read.payload
    if (iss !== issuer || aud !== issuer) return undefined
    if (typeof sub !== 'string' || !/^[1-9][0-9]{0,15}$/.test(sub)) return undefined
    if (typeof jti !== 'string' || !isSessionId(sid) || typeof exp !== 'number') return undefined
    const expiresAtMs = Math.round(exp * 1000)
    if (expiresAtMs <= nowMs) return undefined
    return {
      jti: jti as RefreshTokenId,
      sessionId: sid as SessionId,
      userId: Number(sub) as UserId,
      expiresAtMs,
    }
  }
