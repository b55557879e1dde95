import { type ExpectedClaims, readClaims } from './access-claims.ts'
import type { KeyRing } from './key-ring.ts'
import { readSignedToken } from './read-signed-token.ts'
import type { VerifiedToken } from './remembered-tokens.ts'
import type { TokenRejection } from './token-rejection.ts'

/** RFC 9068 section 2.1. */
const accessTokenType = 'at+jwt'

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
