import type { EpochMs, Origin, Random, RefreshTokenId, UserId } from '../kernel/index.ts'
import { type EndingStores, endSessionsBeyond, type Session } from '../sessions/index.ts'
import type { RefreshTokenStore } from './refresh-token-store.sql.ts'
import type { IssuedStanding, TokenIssuer } from './token-issuer.ts'
import type { TokenPair } from './token-pair.ts'

interface Stores extends EndingStores {
  readonly refreshTokens: RefreshTokenStore
}

interface Deps {
  readonly random: Random
  readonly sessionTtlSeconds: number
  /** Live sessions of one account, this one included. */
  readonly sessionsPerAccount: number
}

export interface StartedSession {
  readonly session: Session
  readonly refreshTokenId: RefreshTokenId
}

/**
 * Starts a session with its first refresh token, in the caller's transaction. A user who has too many live sessions by
 * it loses those that were used longest ago: a list of sessions is bounded, and a sign-in is never refused for it.
 */
export async function startSession(
  stores: Stores,
  { random, sessionTtlSeconds, sessionsPerAccount }: Deps,
  { userId, origin, nowMs }: { userId: UserId; origin: Origin; nowMs: EpochMs },
): Promise<StartedSession> {
  const session = await stores.sessions.start({ userId, origin, nowMs, ttlMs: sessionTtlSeconds * 1000 })
  const jti = random.orderedUuid(nowMs) as RefreshTokenId
  await stores.refreshTokens.add({ jti, session, issuedAtMs: nowMs, origin })
  await endSessionsBeyond(stores, session, sessionsPerAccount, { actorId: userId, origin, nowMs })
  return { session, refreshTokenId: jti }
}

/** Signs the two tokens of a session that was just started; after the commit, so that no transaction waits for it. */
export const issueTokens = (
  issuer: TokenIssuer,
  { session, refreshTokenId }: StartedSession,
  standing: IssuedStanding,
  nowMs: EpochMs,
): TokenPair => ({
  access: issuer.accessToken(session, standing, nowMs),
  refresh: issuer.refreshToken(session, refreshTokenId, nowMs),
})
