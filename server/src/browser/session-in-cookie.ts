import type { Clock, Origin } from '../kernel/index.ts'
import { Rejection } from '../kernel/index.ts'
import {
  type OpenRefreshToken,
  type RevocationDeps,
  type RotationDeps,
  revokeRefreshToken,
  rotateRefreshToken,
  type TokenPair,
} from '../tokens/index.ts'

/** Where a browser keeps its refresh token. */
export interface Jar {
  readonly presented: string | undefined
  keep(token: string, lifeSeconds: number): void
  clear(): void
}

interface KeepingDeps {
  readonly openRefreshToken: OpenRefreshToken
  readonly clock: Clock
}

/** Puts the token into the jar for as long as it lives, which is the rest of its session. */
function keep({ openRefreshToken, clock }: KeepingDeps, jar: Jar, { refresh }: TokenPair): void {
  const nowMs = clock.nowMs()
  const claims = openRefreshToken(refresh, nowMs)
  jar.keep(refresh, claims === undefined ? 0 : (claims.expiresAtMs - nowMs) / 1000)
}

/**
 * Keeps the session of a sign-in that has just succeeded, and ends the one that the browser had before. Otherwise the
 * former session would live on without an owner to end it, and an attacker who had planted it would share this
 * browser's next steps.
 */
export async function replaceSession(
  deps: KeepingDeps & RevocationDeps,
  jar: Jar,
  signedIn: TokenPair,
  origin: Origin,
): Promise<void> {
  await endSession(deps, jar, origin)
  keep(deps, jar, signedIn)
}

/** Trades the token in the jar for the next one. One that cannot be used is taken out of the jar. */
export async function refreshSession(deps: RotationDeps, jar: Jar, origin: Origin): Promise<TokenPair> {
  try {
    if (jar.presented === undefined) throw new Rejection('invalid_refresh_token')
    const pair = await rotateRefreshToken(deps, { presented: jar.presented, origin })
    keep(deps, jar, pair)
    return pair
  } catch (error) {
    if (error instanceof Rejection && error.code === 'invalid_refresh_token') jar.clear()
    throw error
  }
}

/** Ends the session of the token in the jar, if it has one, and empties the jar. */
export async function endSession(deps: RevocationDeps, jar: Jar, origin: Origin): Promise<void> {
  if (jar.presented !== undefined) {
    await revokeRefreshToken(deps, { presented: jar.presented, origin }, 'logout')
  }
  jar.clear()
}
