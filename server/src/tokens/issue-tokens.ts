import type { Standing } from '@propusk/gate'
import type { EpochMs, Origin, Random, RefreshTokenId, UserId } from '../kernel/index.ts'
import type { Session, SessionStore } from '../sessions/index.ts'
import type { RefreshTokenStore } from './refresh-token-store.ts'
import type { TokenIssuer } from './token-issuer.ts'
import type { TokenPair } from './token-pair.ts'

interface Stores {
  readonly sessions: SessionStore
  readonly refreshTokens: RefreshTokenStore
}

interface Deps {
  readonly random: Random
  readonly sessionTtlSeconds: number
}

export interface StartedSession {
  readonly session: Session
  readonly refreshTokenId: RefreshTokenId
}

/** Starts a session with its first refresh token, in the caller's transaction. */
export async function startSession(
  { sessions, refreshTokens }: Stores,
  { random, sessionTtlSeconds }: Deps,
  { userId, origin, nowMs }: { userId: UserId; origin: Origin; nowMs: EpochMs },
): Promise<StartedSession> {
  const session = await sessions.start({ userId, origin, nowMs, ttlMs: sessionTtlSeconds * 1000 })
  const jti = random.orderedUuid(nowMs) as RefreshTokenId
  await refreshTokens.add({
    jti,
    sessionId: session.id,
    userId,
    issuedAtMs: nowMs,
    expiresAtMs: session.expiresAtMs,
    origin,
  })
  return { session, refreshTokenId: jti }
}

/** Signs the two tokens of a session that was just started; after the commit, so that no transaction waits for it. */
export const issueTokens = (
  issuer: TokenIssuer,
  { session, refreshTokenId }: StartedSession,
  standing: Standing,
  nowMs: EpochMs,
): TokenPair => ({
  access: issuer.accessToken(session, standing, nowMs),
  refresh: issuer.refreshToken(session, refreshTokenId, nowMs),
})
