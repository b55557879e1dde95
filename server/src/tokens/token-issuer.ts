import type { Standing } from '@propusk/gate'
import { type EpochMs, type Random, type RefreshTokenId, toNumericDate } from '../kernel/index.ts'
import type { KeyRing, Signer } from '../keys/index.ts'
import type { Session } from '../sessions/index.ts'

/** RFC 9068 section 2.1, and a type of our own for refresh tokens, so that neither is taken for the other (RFC 8725 section 3.11). */
export const accessTokenType = 'at+jwt'
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
      const iat = toNumericDate(nowMs)
      return signToken(accessTokenType, keyRing.signerAt(nowMs), {
        iss: issuer,
        sub: String(session.userId),
        aud: audience,
        exp: Math.min(iat + accessTtlSeconds, toNumericDate(session.expiresAtMs)),
        iat,
        jti: random.uuid(),
        sid: session.uuid,
        client_id: ownClientId,
        roles,
        ...(isSuperuser && { superuser: true }),
      })
    },
    refreshToken: (session, jti, nowMs) =>
      signToken(refreshTokenType, keyRing.signerAt(nowMs), {
        iss: issuer,
        sub: String(session.userId),
        // Only this server takes it back.
        aud: issuer,
        exp: toNumericDate(session.expiresAtMs),
        iat: toNumericDate(nowMs),
        jti,
        sid: session.uuid,
      }),
  }
}

/** RFC 7515 section 3.1: the compact form. */
function signToken(type: string, { algorithm, kid, sign }: Signer, claims: object): string {
  const signingInput = `${encode({ alg: algorithm, typ: type, kid })}.${encode(claims)}`
  return `${signingInput}.${Buffer.from(sign(Buffer.from(signingInput))).toString('base64url')}`
}

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
