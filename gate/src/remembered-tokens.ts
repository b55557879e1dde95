import type { AccessClaims } from './access-claims.ts'
import type { Grants } from './grants.ts'
import type { RingKey } from './key-ring.ts'
import { pushingOut } from './push-out.ts'

/** What a token that went through verification says, with the key that this rests on. */
export interface VerifiedToken {
  readonly claims: AccessClaims
  readonly ringKey: RingKey
}

/** A caller who was let in, and what it has now. */
export interface Authenticated {
  readonly ok: true
  readonly claims: AccessClaims
  readonly grants: Grants
}

/** A token whose signature need not be checked again, and the last yes that it was given. */
export interface RememberedToken extends VerifiedToken {
  /**
   * Given out again and again, so that a remembered token costs no allocation. It holds until `goodUntilMs`, and only
   * for as long as the gate has not received a change since the `version` that it was checked by.
   */
  authenticated: Authenticated | undefined
  version: number
  goodUntilMs: number
}

/**
 * INVARIANT: the key of the map is the whole text of the token. Two tokens that differ in one character are two
 * entries, so a caller never gets the claims of another user.
 */
export interface RememberedTokens {
  find(token: string): RememberedToken | undefined
  /** Pushes out the oldest when full. */
  remember(token: string, verified: VerifiedToken): RememberedToken
  /** Drops the expired ones and those whose key has gone. */
  forget(nowMs: number): void
  clear(): void
}

export function createRememberedTokens(capacity: number): RememberedTokens {
  const tokens = new Map<string, RememberedToken>()
  const pushOut = pushingOut(tokens, capacity)
  return {
    find: token => tokens.get(token),
    remember(token, { claims, ringKey }) {
      const remembered: RememberedToken = {
        claims,
        ringKey,
        authenticated: undefined,
        version: -1,
        goodUntilMs: 0,
      }
      tokens.set(token, remembered)
      pushOut()
      return remembered
    },
    forget(nowMs) {
      for (const [token, { claims, ringKey }] of tokens) {
        if (claims.expiresAtMs <= nowMs || ringKey.goodUntilMs <= nowMs) tokens.delete(token)
      }
    },
    clear: () => tokens.clear(),
  }
}
