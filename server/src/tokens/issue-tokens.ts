import type { Grants } from '@propusk/gate/core'
import {
  type ClientInfo,
  type EpochMs,
  type Random,
  type RefreshTokenId,
  toNumericDate,
  type UserId,
} from '../kernel/index.ts'
import type { KeyRing, Signer } from '../keys/index.ts'
import {
  type Authentication,
  type EndingStores,
  endSessionsBeyond,
  type Session,
  type SessionLimits,
} from '../sessions/index.ts'
import type { RefreshTokenStore } from './refresh-token-store.sql.ts'
import { roleClaims, type TokenRoles } from './role-claims.ts'

interface Stores extends EndingStores {
  readonly refreshTokens: RefreshTokenStore
}

interface Deps {
  readonly random: Random
  readonly sessionLimits: SessionLimits
}

interface StartedSession {
  readonly session: Session
  readonly refreshTokenId: RefreshTokenId
}

interface SessionStart {
  readonly userId: UserId
  readonly origin: ClientInfo
  readonly nowMs: EpochMs
  /** By a password unless given. */
  readonly authentication?: Authentication
  /** The device whose use in this transaction takes the place of the second factor. */
  readonly rememberedDeviceId?: number | undefined
  /** Gives the session its whole life also where others end when they are idle. */
  readonly remember?: boolean | undefined
}

/**
 * Starts a session with its first refresh token, in the caller's transaction. A user who has too many live sessions by
 * it loses those that were used longest ago: a list of sessions is bounded, and a sign-in is never refused for it.
 */
export async function startSession(
  stores: Stores,
  { random, sessionLimits }: Deps,
  { userId, origin, nowMs, authentication, remember = false, rememberedDeviceId }: SessionStart,
): Promise<StartedSession> {
  const { ttlMs, idleMs } = sessionLimits
  const session = await stores.sessions.start({
    userId,
    origin,
    nowMs,
    ttlMs,
    ...(!remember && { idleMs }),
    ...(authentication && { authentication }),
    rememberedDeviceId,
  })
  const jti = random.orderedUuid(nowMs) as RefreshTokenId
  await stores.refreshTokens.add({ jti, session, issuedAtMs: nowMs, origin })
  await endSessionsBeyond(stores, session, sessionLimits.perAccount, { actorId: userId, origin, nowMs })
  return { session, refreshTokenId: jti }
}

/** Signs the two tokens of a session that was just started; after the commit, so that no transaction waits for it. */
export const issueTokens = (
  issuer: TokenIssuer,
  { session, refreshTokenId }: StartedSession,
  grants: TokenGrants,
  nowMs: EpochMs,
): TokenPair => ({
  access: issuer.accessToken(session, grants, nowMs),
  refresh: issuer.refreshToken(session, refreshTokenId, nowMs),
})

/** RFC 9068 section 2.1, and a type of our own for refresh tokens, so that neither is taken for the other (RFC 8725 section 3.11). */
const accessTokenType = 'at+jwt'
export const refreshTokenType = 'rt+jwt'

/** Who asked for the token (RFC 9068 section 2.2). Sign-in with a password is the server's own client. */
const ownClientId = 'propusk'

/** Headers of some proxies and cookies are short: a token of many roles stays under 1 KB by their ids alone. */
const shortTokenLength = 1_024

/** What a token says of its subject. */
export type TokenGrants = Grants & { readonly roleIds: readonly number[] }

type SessionFacts = Pick<Session, 'uuid' | 'userId'>

/** The session of an access token, which says how its owner was authenticated. */
type AccessFacts = SessionFacts & Pick<Session, 'expiresAtMs' | 'authTimeMs' | 'acr' | 'amr'>

interface Options {
  keyRing: KeyRing
  random: Random
  issuer: string
  audience: string
  accessTtlSeconds: number
  tokenRoles?: TokenRoles
}

export type TokenIssuer = ReturnType<typeof createTokenIssuer>

export function createTokenIssuer(options: Options) {
  const { keyRing, random, issuer, audience, accessTtlSeconds, tokenRoles = 'auto' } = options
  return {
    /** Lives for the set time, and never past its session. */
    accessToken(session: AccessFacts, { roles, roleIds, isSuperuser }: TokenGrants, nowMs: EpochMs): string {
      const signer = keyRing.signer()
      const expiresAtMs = Math.min(nowMs + accessTtlSeconds * 1000, session.expiresAtMs)
      const facts = {
        iss: issuer,
        sub: String(session.userId),
        aud: audience,
        ...lifeOf(nowMs, expiresAtMs),
        jti: random.uuid(),
        sid: session.uuid,
        client_id: ownClientId,
        // RFC 9068 section 2.2.1. A refresh gives those of the session as it stands, and proves nothing itself.
        auth_time: toNumericDate(session.authTimeMs),
        acr: session.acr,
        amr: session.amr,
      }
      const inputWith = (named: object) =>
        // Superuser is a claim of its own: no role can be named so that it means this (ADR 9).
        signingInput(accessTokenType, signer, { ...facts, ...named, ...(isSuperuser && { superuser: true }) })
      const isShort = (named: object) => tokenLength(inputWith(named)) < shortTokenLength
      return signInput(signer, inputWith(roleClaims(tokenRoles, { roles, roleIds }, isShort)))
    },
    /** Lives as long as its session can: whether that was idle only the database knows. */
    refreshToken: (
      session: SessionFacts & Pick<Session, 'endsAtMs'>,
      jti: RefreshTokenId,
      nowMs: EpochMs,
    ): string =>
      signToken(refreshTokenType, keyRing.signer(), {
        iss: issuer,
        sub: String(session.userId),
        // Only this server takes it back.
        aud: issuer,
        ...lifeOf(nowMs, session.endsAtMs),
        jti,
        sid: session.uuid,
      }),
  }
}

/**
 * The issue and expiry times. Whole seconds, as is usual; a token of less than a minute would lose a good part of its
 * life to the rounding, so it counts milliseconds (RFC 7519 section 2: a NumericDate may have a fraction).
 */
function lifeOf(fromMs: EpochMs, untilMs: EpochMs): { exp: number; iat: number } {
  const inSeconds = untilMs - fromMs < 60_000 ? (atMs: EpochMs) => atMs / 1000 : toNumericDate
  return { exp: inSeconds(untilMs), iat: inSeconds(fromMs) }
}

/** RFC 7515 section 3.1: the compact form. */
export const signToken = (type: string, signer: Signer, claims: object): string =>
  signInput(signer, signingInput(type, signer, claims))

const signingInput = (type: string, { algorithm, kid }: Signer, claims: object): string =>
  `${encode({ alg: algorithm, typ: type, kid })}.${encode(claims)}`

const signInput = ({ sign }: Signer, input: string): string =>
  `${input}.${Buffer.from(sign(Buffer.from(input))).toString('base64url')}`

/** Of 64 bytes with ES256 and with EdDSA (RFC 7518 section 3.4, RFC 8037 section 3.1). */
const signatureCharacters = 86
const tokenLength = (input: string): number => input.length + '.'.length + signatureCharacters

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')

/** What a client holds: one token for its calls, and one for the next pair. */
export interface TokenPair {
  readonly access: string
  readonly refresh: string
}
