import { isSessionId, readSignedToken } from '@propusk/gate/core'
import { type EpochMs, type SessionId, toNumericDate, type UserId } from '../kernel/index.ts'
import type { KeyRing } from '../keys/index.ts'
import { signToken } from '../tokens/index.ts'

/** A type of its own, so that it is taken for no other token, and no other for it (RFC 8725 section 3.11). */
const forwardTokenType = 'propusk-forward+jwt'

/** The session that a browser passes proxies with. */
export interface ForwardSession {
  readonly sessionId: SessionId
  readonly userId: UserId
  /** When the session's time is over. */
  readonly expiresAtMs: EpochMs
}

interface Options {
  readonly keyRing: KeyRing
  readonly issuer: string
  /** The domain of the cookie. */
  readonly domain: string
}

export type ForwardTokens = ReturnType<typeof createForwardTokens>

/** What the cookie of forward-auth holds: the name of a session. Whether that lives, only its row knows. */
export const createForwardTokens = ({ keyRing, issuer, domain }: Options) => ({
  domain,

  sign: ({ sessionId, userId, expiresAtMs }: ForwardSession, nowMs: EpochMs): string =>
    signToken(forwardTokenType, keyRing.signer(), {
      iss: issuer,
      sub: String(userId),
      // Not a host: the browser sends it to all of them (ADR 42).
      aud: domain,
      iat: toNumericDate(nowMs),
      exp: toNumericDate(expiresAtMs),
      sid: sessionId,
    }),

  /** The session of a token that this server signed for this cookie and that has not expired; else undefined. */
  open(presented: string, nowMs: EpochMs): ForwardSession | undefined {
    const read = readSignedToken(presented, forwardTokenType, kid => keyRing.verifierOf(kid, nowMs))
    if (!read.ok) return undefined
    const { iss, aud, sub, exp, sid } = read.payload
    if (iss !== issuer || aud !== domain) return undefined
    if (typeof sub !== 'string' || !/^[1-9][0-9]{0,15}$/.test(sub)) return undefined
    if (!isSessionId(sid) || typeof exp !== 'number' || exp * 1000 <= nowMs) return undefined
    return { sessionId: sid as SessionId, userId: Number(sub) as UserId, expiresAtMs: exp * 1000 }
  },
})
