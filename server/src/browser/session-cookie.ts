import { type ClientInfo, type Clock, Rejection } from '../kernel/index.ts'
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
  keep(token: string, lifeSeconds: number): void
  clear(): void
}

interface KeepingDeps {
  readonly openRefreshToken: OpenRefreshToken
  readonly clock: Clock
}

/** Puts the token into the cookie for as long as it lives, which is the rest of its session. */
function keep(
  { openRefreshToken, clock }: KeepingDeps,
  sessionCookie: SessionCookie,
  { refresh }: TokenPair,
): void {
  const nowMs = clock.nowMs()
  const claims = openRefreshToken(refresh, nowMs)
  sessionCookie.keep(refresh, claims === undefined ? 0 : (claims.expiresAtMs - nowMs) / 1000)
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
): Promise<void> {
  await endSession(deps, sessionCookie, origin)
  keep(deps, sessionCookie, signedIn)
}

/** Trades the token in the cookie for the next one. One that cannot be used is taken out of the cookie. */
export async function refreshSession(
  deps: RotationDeps,
  sessionCookie: SessionCookie,
  request: Omit<PresentedRefreshToken, 'presented'>,
): Promise<TokenPair> {
  try {
    if (sessionCookie.presented === undefined) throw new Rejection('invalid_refresh_token')
    const pair = await rotateRefreshToken(deps, { ...request, presented: sessionCookie.presented })
    keep(deps, sessionCookie, pair)
    return pair
  } catch (error) {
    if (error instanceof Rejection && error.code === 'invalid_refresh_token') sessionCookie.clear()
    throw error
  }
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
