import { createHash } from 'node:crypto'
import type { GrantsStore } from '../access/index.ts'
import { networkOf } from '../addresses/index.ts'
import {
  type Clock,
  type EpochMs,
  type Origin,
  type Random,
  type RefreshTokenId,
  Rejection,
  type Transact,
} from '../kernel/index.ts'
import { deriveKey, seal, unseal } from '../keys/index.ts'
import type { RateLimiter } from '../rate-limits/index.ts'
import { type EndingStores, endSessionByUuid, type Session } from '../sessions/index.ts'
import type { FirstUseStore } from './first-use-store.ts'
import type { OpenRefreshToken, RefreshClaims } from './open-refresh-token.ts'
import type { RefreshTokenStore } from './refresh-token-store.ts'
import type { IssuedStanding, TokenIssuer } from './token-issuer.ts'
import type { TokenPair } from './token-pair.ts'

export interface RotationStores extends EndingStores {
  readonly refreshTokens: RefreshTokenStore
  readonly userGrants: GrantsStore
}

export interface RotationDeps {
  readonly transaction: Transact<RotationStores>
  /** On an engine that can do the common case in one statement. */
  readonly firstUses: FirstUseStore | undefined
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

interface Presented {
  readonly presented: string
  readonly origin: Origin
}

/**
 * How long a spent token still answers with its successor: a lost answer or a second tab does not sign the user out,
 * and since it is the same successor, no second line of tokens begins.
 */
const retryWindowMs = 10_000

/**
 * Gives the successor of a refresh token (RFC 9700 section 4.14.2). A token that was spent before ends its session,
 * unless it comes within the retry window and its successor has not been used. Refuses with `invalid_refresh_token`, or
 * with `too_many_requests` beyond a rate limit.
 */
export async function rotateRefreshToken(
  deps: RotationDeps,
  { presented, origin }: Presented,
): Promise<TokenPair> {
  const { random, issuer } = deps
  const nowMs = deps.clock.nowMs()
  const claims = deps.openRefreshToken(presented, nowMs)
  if (claims === undefined) throw unusable(deps, origin)
  deps.limits.refresh.take(claims.sessionId)

  // Signed before the database is asked, so that no transaction stays open during a signature.
  const jti = random.orderedUuid(nowMs) as RefreshTokenId
  const text = issuer.refreshToken({ ...claims, uuid: claims.sessionId }, jti, nowMs)
  const successor = { jti, text, sealed: sealSuccessor(text, presented, claims, random) }

  const use = { presented, claims, successor, origin, nowMs }
  const used = (await useFirst(deps, use)) ?? (await useInTransaction(deps, use))
  // One public answer, whatever the cause: the caller may be the thief.
  if (used === undefined) throw unusable(deps, origin)
  return { access: issuer.accessToken(used.session, used.standing, nowMs), refresh: used.refresh }
}

interface Use extends Presented {
  readonly claims: RefreshClaims
  readonly successor: { readonly jti: RefreshTokenId; readonly text: string; readonly sealed: string }
  readonly nowMs: EpochMs
}

interface Used {
  readonly session: Pick<Session, 'uuid' | 'userId' | 'expiresAtMs'>
  readonly standing: IssuedStanding
  readonly refresh: string
}

/** The common case, where the engine has one statement for it. Undefined says nothing about the token. */
async function useFirst(
  { firstUses }: RotationDeps,
  { claims: { jti, sessionId: uuid, userId }, successor, origin, nowMs }: Use,
): Promise<Used | undefined> {
  const first = await firstUses?.use({ jti, uuid, userId, successor, origin, nowMs })
  if (first === undefined) return undefined
  const { expiresAtMs, standing } = first
  return { session: { uuid, userId, expiresAtMs }, standing, refresh: successor.text }
}

/** Every case. */
const useInTransaction = (
  { transaction }: RotationDeps,
  { presented, claims, successor, origin, nowMs }: Use,
): Promise<Used | undefined> =>
  transaction(async stores => {
    const { sessions, refreshTokens, userGrants } = stores
    // Locks the session's row: uses of tokens of one session come one after another.
    const session = await sessions.touch(claims.sessionId, nowMs)
    if (session === undefined || session.userId !== claims.userId) return undefined
    const { id: sessionId, userId, expiresAtMs } = session
    if (await refreshTokens.spend(claims.jti, sessionId, successor, nowMs)) {
      const token = { jti: successor.jti, sessionId, userId, issuedAtMs: nowMs, expiresAtMs, origin }
      // Neither waits for the other: on PostgreSQL they travel together.
      const [standing] = await Promise.all([userGrants.get(userId), refreshTokens.add(token)])
      return { session, standing, refresh: successor.text }
    }
    const refresh = await retriedSuccessor(refreshTokens, session, presented, claims, nowMs)
    if (refresh !== undefined) return { session, standing: await userGrants.get(userId), refresh }
    await endSessionByUuid(stores, session.uuid, 'refresh_reuse', { actorId: null, origin, nowMs })
    return undefined
  })

/**
 * The rejection of a token that gives no other, or of one too many from that network. Only then is the address charged: a
 * good token is never refused because of other requests from the same network.
 */
function unusable({ limits }: RotationDeps, { ipAddress }: Origin): Rejection {
  limits.badRefresh.take(networkOf(ipAddress))
  return new Rejection('invalid_refresh_token')
}

async function retriedSuccessor(
  refreshTokens: RefreshTokenStore,
  session: Session,
  presented: string,
  claims: RefreshClaims,
  nowMs: EpochMs,
): Promise<string | undefined> {
  const spent = await refreshTokens.findSpent(claims.jti, session.id)
  if (spent === undefined || !spent.isSuccessorUntouched || nowMs - spent.spentAtMs > retryWindowMs)
    return undefined
  return unseal(spent.successorSealed, successorKey(presented), claims.jti)
}

/** The database holds the successor sealed with the spent token itself: it cannot be read without that token. */
const sealSuccessor = (successor: string, spent: string, { jti }: RefreshClaims, random: Random): string =>
  seal(successor, successorKey(spent), jti, random)

const successorKey = (spent: string): Uint8Array =>
  deriveKey(createHash('sha256').update(spent).digest(), 'propusk successor of a refresh token')
