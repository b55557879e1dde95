import { type AccessClaims, type ExpectedClaims, readClaims } from './access-claims.ts'
import type { Grants } from './grants.ts'
import type { KeyRing, RingKey } from './key-ring.ts'
import { pushingOut } from './push-out.ts'
import { readSignedToken, type TokenRejection } from './read-signed-token.ts'

/** RFC 9068 section 2.1. */
export const accessTokenType = 'at+jwt'

/** Checks an access token by itself: gives what it says, or why it is refused. Throws for no text. */
export function verifyToken(
  token: string,
  keys: Pick<KeyRing, 'find'>,
  expected: ExpectedClaims,
  nowMs: number,
): VerifiedToken | TokenRejection {
  const signed = readSignedToken(token, accessTokenType, kid => keys.find(kid, nowMs))
  if (!signed.ok) return signed.rejection
  const claims = readClaims(signed.payload, expected, nowMs)
  if (typeof claims === 'string') return claims
  return { claims, ringKey: signed.key }
}

/** What a token that went through verification says, with the key that this rests on. */
interface VerifiedToken {
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
export function createRememberedTokens(capacity: number) {
  const tokens = new Map<string, RememberedToken>()
  const pushOut = pushingOut(tokens, capacity)
  return {
    find: (token: string): RememberedToken | undefined => tokens.get(token),
    /** Pushes out the oldest when full. */
    remember(token: string, { claims, ringKey }: VerifiedToken): RememberedToken {
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
    /** Drops the expired ones and those whose key has gone. */
    forget(nowMs: number): void {
      for (const [token, { claims, ringKey }] of tokens) {
        if (claims.expiresAtMs <= nowMs || ringKey.goodUntilMs <= nowMs) tokens.delete(token)
      }
    },
    clear: (): void => tokens.clear(),
  }
}
