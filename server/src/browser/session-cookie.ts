import { type ClientInfo, type Clock, Rejection } from '../kernel/index.ts'
import type { SessionLife, SessionStore } from '../sessions/index.ts'
import {
  type OpenRefreshToken,
  type PresentedRefreshToken,
  type RevocationDeps,
  type RotationDeps,
  revokeRefreshToken,
  rotateRefreshToken,
  type TokenPair,
} from '../tokens/index.ts'

/** Where a browser keeps its refresh token. */
export interface SessionCookie {
  readonly presented: string | undefined
  /** Whether the browser sent anything under its name. */
  readonly isThere: boolean
  keep(token: string, lifeSeconds: number): void
  clear(): void
}

interface KeepingDeps {
  readonly sessions: Pick<SessionStore, 'lifeOf'>
  readonly openRefreshToken: OpenRefreshToken
  readonly clock: Clock
}

/** Dependencies of what keeps, renews and ends the session of a cookie (ADR 18). */
export type BrowserTokenDeps = RotationDeps & RevocationDeps & KeepingDeps

/** How long the session of a cookie goes on when it is not used. */
export interface SessionEnd extends SessionLife {
  /** From now, by the clock of the server: that of a browser may be wrong. */
  readonly leftMs: number
}

/** What a token of ours says; undefined when it has expired. */
type KeptClaims = ReturnType<OpenRefreshToken>

/** Puts the token into the cookie for as long as it lives, which is the rest of its session. */
function keep(
  { openRefreshToken, clock }: KeepingDeps,
  sessionCookie: SessionCookie,
  { refresh }: TokenPair,
): KeptClaims {
  const nowMs = clock.nowMs()
  const claims = openRefreshToken(refresh, nowMs)
  sessionCookie.keep(refresh, claims === undefined ? 0 : (claims.expiresAtMs - nowMs) / 1000)
  return claims
}

/** Undefined for the token of a session that is over, or for what is no token. Uses nothing up. */
async function endOf({ sessions, clock }: KeepingDeps, claims: KeptClaims): Promise<SessionEnd | undefined> {
  const nowMs = clock.nowMs()
  const life = claims && (await sessions.lifeOf(claims.sessionId, nowMs))
  return life && { ...life, leftMs: life.expiresAtMs - nowMs }
}

/** Of a session that was alive a moment ago: where it has been ended since, its next call is refused. */
export async function endOfKept(deps: KeepingDeps, claims: KeptClaims): Promise<SessionEnd> {
  return (await endOf(deps, claims)) ?? { expiresAtMs: deps.clock.nowMs(), leftMs: 0, idleMs: null }
}

/**
 * Keeps the session of a sign-in that has just succeeded, and ends the one that the browser had before. Otherwise the
 * former session would live on without an owner to end it, and an attacker who had planted it would share this
 * browser's next steps.
 */
export async function replaceSession(
  deps: KeepingDeps & RevocationDeps,
  sessionCookie: SessionCookie,
  signedIn: TokenPair,
  origin: ClientInfo,
): Promise<SessionEnd> {
  await endSession(deps, sessionCookie, origin)
  return await endOfKept(deps, keep(deps, sessionCookie, signedIn))
}

/**
 * Clears a cookie that holds no token of ours. INVARIANT: not that of a session which is over, and not where none came: while this
 * request was under way another tab may have signed in, and its cookie would be taken away by this answer.
 */
function clearForeign({ openRefreshToken, clock }: KeepingDeps, sessionCookie: SessionCookie): void {
  const { presented, isThere } = sessionCookie
  const isOurs = presented !== undefined && openRefreshToken(presented, clock.nowMs()) !== undefined
  if (isThere && !isOurs) sessionCookie.clear()
}

/** Trades the token in the cookie for the next one, and says what that one holds. */
export async function refreshSession(
  deps: RotationDeps & KeepingDeps,
  sessionCookie: SessionCookie,
  request: Omit<PresentedRefreshToken, 'presented'>,
): Promise<TokenPair & { readonly claims: KeptClaims }> {
  try {
    if (sessionCookie.presented === undefined) throw new Rejection('invalid_refresh_token')
    const pair = await rotateRefreshToken(deps, { ...request, presented: sessionCookie.presented })
    return { ...pair, claims: keep(deps, sessionCookie, pair) }
  } catch (error) {
    if (error instanceof Rejection && error.code === 'invalid_refresh_token')
      clearForeign(deps, sessionCookie)
    throw error
  }
}

/** Tells when the session of the cookie ends, without a use of it. Rejects with `invalid_refresh_token` when it is over. */
export async function readSessionEnd(deps: KeepingDeps, sessionCookie: SessionCookie): Promise<SessionEnd> {
  const { presented } = sessionCookie
  const claims = presented === undefined ? undefined : deps.openRefreshToken(presented, deps.clock.nowMs())
  const end = await endOf(deps, claims)
  if (end !== undefined) return end
  clearForeign(deps, sessionCookie)
  throw new Rejection('invalid_refresh_token')
}

/** Ends the session of the token in the cookie, if it has one, and clears the cookie. */
export async function endSession(
  deps: RevocationDeps,
  sessionCookie: SessionCookie,
  origin: ClientInfo,
): Promise<void> {
  if (sessionCookie.presented !== undefined) {
    await revokeRefreshToken(deps, { presented: sessionCookie.presented, origin }, 'logout')
  }
  sessionCookie.clear()
}
