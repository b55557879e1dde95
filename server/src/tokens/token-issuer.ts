import type { Standing } from '@propusk/gate'
import { type EpochMs, type Random, type RefreshTokenId, toNumericDate } from '../kernel/index.ts'
import type { KeyRing, Signer } from '../keys/index.ts'
import type { Session } from '../sessions/index.ts'

/** RFC 9068 section 2.1, and a type of our own for refresh tokens, so that neither is taken for the other (RFC 8725 section 3.11). */
const accessTokenType = 'at+jwt'
export const refreshTokenType = 'rt+jwt'

/** Who asked for the token (RFC 9068 section 2.2). Sign-in with a password is the server's own client. */
const ownClientId = 'propusk'

type SessionFacts = Pick<Session, 'uuid' | 'userId' | 'expiresAtMs'>

export interface TokenIssuer {
  /** Lives for the set time, and never past its session. */
  accessToken(session: SessionFacts, standing: Standing, nowMs: EpochMs): string
  /** Lives as long as its session. */
  refreshToken(session: SessionFacts, jti: RefreshTokenId, nowMs: EpochMs): string
}

interface Options {
  keyRing: KeyRing
  random: Random
  issuer: string
  audience: string
  accessTtlSeconds: number
}

export function createTokenIssuer({
  keyRing,
  random,
  issuer,
  audience,
  accessTtlSeconds,
}: Options): TokenIssuer {
  return {
    accessToken(session, { roles, isSuperuser }, nowMs) {
      const expiresAtMs = Math.min(nowMs + accessTtlSeconds * 1000, session.expiresAtMs)
      return signToken(accessTokenType, keyRing.signer(), {
        iss: issuer,
        sub: String(session.userId),
        aud: audience,
        ...lifeOf(nowMs, expiresAtMs),
        jti: random.uuid(),
        sid: session.uuid,
        client_id: ownClientId,
        roles,
        ...(isSuperuser && { superuser: true }),
      })
    },
    refreshToken: (session, jti, nowMs) =>
      signToken(refreshTokenType, keyRing.signer(), {
        iss: issuer,
        sub: String(session.userId),
        // Only this server takes it back.
        aud: issuer,
        ...lifeOf(nowMs, session.expiresAtMs),
        jti,
        sid: session.uuid,
      }),
  }
}

/**
 * From when to when. Whole seconds, as everybody writes them; a token of less than a minute would lose a good part of
 * its life to the rounding, so it counts milliseconds (RFC 7519 section 2: a NumericDate may have a fraction).
 */
function lifeOf(fromMs: EpochMs, untilMs: EpochMs): { exp: number; iat: number } {
  const inSeconds = untilMs - fromMs < 60_000 ? (atMs: EpochMs) => atMs / 1000 : toNumericDate
  return { exp: inSeconds(untilMs), iat: inSeconds(fromMs) }
}

/** RFC 7515 section 3.1: the compact form. */
function signToken(type: string, { algorithm, kid, sign }: Signer, claims: object): string {
  const signingInput = `${encode({ alg: algorithm, typ: type, kid })}.${encode(claims)}`
  return `${signingInput}.${Buffer.from(sign(Buffer.from(signingInput))).toString('base64url')}`
}

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
