import type { AccessClaims } from './access-claims.ts'
import type { RingKey } from './key-ring.ts'

/** The outcome of a verification that went well, with the key that it rests on. */
export interface VerifiedToken {
  /** Given out again and again, so that a remembered token costs no allocation. */
  readonly verdict: { readonly ok: true; readonly claims: AccessClaims }
  readonly ringKey: RingKey
}

/**
 * Tokens whose signature need not be checked again.
 *
 * INVARIANT: the key of the map is the whole text of the token. Two tokens that differ in one character are two
 * entries, so nobody is ever given the claims of somebody else.
 */
export interface RememberedTokens {
  find(token: string): VerifiedToken | undefined
  /** Pushes out the oldest when full. */
  remember(token: string, verified: VerifiedToken): void
  /** Drops the expired ones and those whose key has gone. */
  forget(nowMs: number): void
  clear(): void
}

export function createRememberedTokens(capacity: number): RememberedTokens {
  const tokens = new Map<string, VerifiedToken>()
  return {
    find: token => tokens.get(token),
    remember(token, verified) {
      tokens.set(token, verified)
      if (tokens.size > capacity) tokens.delete(tokens.keys().next().value!)
    },
    forget(nowMs) {
      for (const [token, { verdict, ringKey }] of tokens) {
        if (verdict.claims.expiresAtMs <= nowMs || !ringKey.isGood(nowMs)) tokens.delete(token)
      }
    },
    clear: () => tokens.clear(),
  }
}
