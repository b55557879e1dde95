import { decodeBase64url } from './base64url.ts'
import { type JsonObject, parseJsonObject } from './json-object.ts'
import type { Algorithm, VerifySignature } from './published-key.ts'
import { isCanonicalSignature } from './signature-form.ts'
import { maxTokenLength, splitToken, type TokenParts } from './token-form.ts'
import { readHeader } from './token-header.ts'
import type { TokenRejection } from './token-rejection.ts'

/** A published key, ready to check signatures of its one algorithm. */
export interface VerifyingKey {
  readonly algorithm: Algorithm
  readonly verify: VerifySignature
}

export type SignedToken<Key extends VerifyingKey = VerifyingKey> =
  | { readonly ok: true; readonly payload: JsonObject; readonly key: Key }
  | { readonly ok: false; readonly rejection: TokenRejection }

/**
 * Reads a JWT of one type from the outside in, and its content only once the signature holds. `findKey` gives the
 * published key of a `kid` and `undefined` for any other text. The claims are the issuer's words and not checked
 * here: `iss`, `aud` and `exp` among them. Throws for no text.
 */
export function readSignedToken<Key extends VerifyingKey>(
  token: string,
  expectedType: string,
  findKey: (kid: string) => Key | undefined,
): SignedToken<Key> {
  // Checked before anything is parsed: an unauthenticated caller must not cause work before the size is known.
  if (token.length > maxTokenLength) return rejected('too_large')
  const parts = splitToken(token)
  if (parts === undefined) return rejected('malformed')
  const header = readHeader(parts.header, expectedType)
  if (header === undefined) return rejected('wrong_header')
  // RFC 7515 section 4.1.4: kid is a hint. Here it finds a key among the published ones and does nothing else.
  const key = findKey(header.kid)
  if (key === undefined) return rejected('unknown_key')
  // RFC 8725 section 3.1: the algorithm is the key's. A header that says another is a lie, not a choice.
  if (header.alg !== key.algorithm) return rejected('wrong_algorithm')
  const bytes = readSignedBytes(parts, key)
  if (bytes === undefined) return rejected('wrong_signature')
  const payload = parseJsonObject(bytes)
  return payload === undefined ? rejected('wrong_claims') : { ok: true, payload, key }
}

const ascii = new TextEncoder()

/** RFC 7515 section 5.2. `undefined` unless the one canonical signature of this text is there. */
function readSignedBytes(parts: TokenParts, { algorithm, verify }: VerifyingKey): Uint8Array | undefined {
  const payload = decodeBase64url(parts.payload)
  const signature = decodeBase64url(parts.signature)
  if (payload === undefined || signature === undefined) return undefined
  if (!isCanonicalSignature(algorithm, signature)) return undefined
  // Only `true` is a yes: a promise, which an asynchronous verifier would give, is truthy and says nothing.
  return verify(ascii.encode(parts.signingInput), signature) === true ? payload : undefined
}

const rejected = (rejection: TokenRejection) => ({ ok: false, rejection }) as const
