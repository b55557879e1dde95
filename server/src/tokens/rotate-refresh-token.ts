import { createHash } from 'node:crypto'
import { networkOf } from '../addresses/index.ts'
import { type ClientInfo, type Clock, type Random, type RefreshTokenId, Rejection } from '../kernel/index.ts'
import { decrypt, deriveKey, encrypt } from '../keys/index.ts'
import type { RateLimiter } from '../rate-limits/index.ts'
import type { TokenIssuer, TokenPair } from './issue-tokens.ts'
import type { OpenRefreshToken } from './read-refresh-token.ts'
import type { RotationStore } from './rotation-store.sql.ts'

export interface RotationDeps {
  readonly rotations: RotationStore
  readonly openRefreshToken: OpenRefreshToken
  readonly issuer: TokenIssuer
  readonly random: Random
  readonly clock: Clock
  readonly limits: {
    /** By session: a client that runs wild. */
    readonly refresh: RateLimiter
    /** By network address: tokens that cannot be used. */
    readonly badRefresh: RateLimiter
  }
}

export interface PresentedRefreshToken {
  readonly presented: string
  /** By which the client proves, later, that it sends this request again (ADR 41). */
  readonly idempotencyKey?: string | undefined
  readonly origin: ClientInfo
}

/**
 * Exchanges a refresh token for the next pair (RFC 9700 section 4.14.2), as `decideRotation` says. A reused token ends its
 * session. Rejects with `invalid_refresh_token`, or with `too_many_requests` beyond a rate limit.
 */
export async function rotateRefreshToken(
  deps: RotationDeps,
  { presented, idempotencyKey, origin }: PresentedRefreshToken,
): Promise<TokenPair> {
  const { random, issuer } = deps
  const nowMs = deps.clock.nowMs()
  const claims = deps.openRefreshToken(presented, nowMs)
  if (claims === undefined) throw rejectionOf(deps, origin)
  deps.limits.refresh.take(claims.sessionId)

  // Signed before the database is asked, so that no transaction stays open during a signature.
  const jti = random.orderedUuid(nowMs) as RefreshTokenId
  const { sessionId: uuid, userId } = claims
  const nextToken = issuer.refreshToken({ uuid, userId, endsAtMs: claims.expiresAtMs }, jti, nowMs)
  // Only who presents the consumed token can read the next one: the database holds no key to it (ADR 4).
  const key = keyOfNext(presented)
  const next = {
    jti,
    encrypted: encrypt(nextToken, key, claims.jti, random),
    retryKeyHash: hashOf(idempotencyKey),
  }

  const decryptNext = (encrypted: string) => decrypt(encrypted, key, claims.jti)
  const outcome = await deps.rotations.rotate({ claims, next, decryptNext, origin, nowMs })
  if (outcome.decision === 'rotated' || outcome.decision === 'repeated') {
    const session = { uuid, userId, ...outcome.session }
    const refresh = outcome.decision === 'rotated' ? nextToken : outcome.nextToken
    return { access: issuer.accessToken(session, outcome.grants, nowMs), refresh }
  }
  // After the commit, which a rejection inside would have rolled back. One public answer: the caller may be the thief.
  throw rejectionOf(deps, origin)
}

/**
 * The rejection of a token that gives no other, or of one too many from that network. Only then is the address charged: a
 * good token is never rejected because of other requests from the same network.
 */
function rejectionOf({ limits }: RotationDeps, { ipAddress }: ClientInfo): Rejection {
  limits.badRefresh.take(networkOf(ipAddress))
  return new Rejection('invalid_refresh_token')
}

/** The key is random, so its plain digest does not tell it. */
const hashOf = (idempotencyKey: string | undefined): string | null =>
  idempotencyKey === undefined ? null : createHash('sha256').update(idempotencyKey).digest('hex')

const keyOfNext = (consumed: string): Uint8Array =>
  deriveKey(createHash('sha256').update(consumed).digest(), 'propusk successor of a refresh token')
