import type { Algorithm, VerifySignature } from './published-key.ts'

/** A published key, ready to check signatures of its one algorithm. */
export interface VerifyingKey {
  readonly algorithm: Algorithm
  readonly verify: VerifySignature
}

export type SignedToken<Key extends VerifyingKey = VerifyingKey> =
  | { readonly ok: true; readonly payload: JsonObject; readonly key: Key }
  | { readonly ok: false; readonly rejection: TokenRejection }

/**
 * The reason why a token is rejected: for logs and counters. A caller is told «not valid» and nothing else, except that
 * `stale` says nothing about the token: the last sync of the gate is too old, so it cannot know (HTTP 503).
 */
export type TokenRejection =
  | 'too_large'
  | 'malformed'
  | 'wrong_header'
  | 'unknown_key'
  | 'wrong_algorithm'
  | 'wrong_signature'
  | 'wrong_claims'
  | 'wrong_issuer'
  | 'wrong_audience'
  | 'too_long_lived'
  | 'not_yet_valid'
  | 'expired'
  | 'ended'
  | 'stale'

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

/**
 * Characters. Room for some four hundred roles with names of ten letters; a longer token is refused before it is
 * parsed.
 */
export const maxTokenLength = 8192

export interface TokenParts {
  readonly header: string
  readonly payload: string
  readonly signature: string
  /** RFC 7515 section 5.2 step 8: what was signed, which is the text itself and not what it decodes to. */
  readonly signingInput: string
}

/** The three parts of a compact JWS (RFC 7515 section 7.1), or `undefined`. It looks for dots and never splits. */
export function splitToken(token: string): TokenParts | undefined {
  const first = token.indexOf('.')
  const second = token.indexOf('.', first + 1)
  if (first < 1 || second === first + 1 || second === -1 || second === token.length - 1) return undefined
  // RFC 7516 section 9: five parts are a JWE, and nothing here decrypts.
  if (token.indexOf('.', second + 1) !== -1) return undefined
  return {
    header: token.slice(0, first),
    payload: token.slice(first + 1, second),
    signature: token.slice(second + 1),
    signingInput: token.slice(0, second),
  }
}

interface TokenHeader {
  /** Claimed, and only compared with the key's own algorithm. */
  readonly alg: string
  /** Claimed, and only a key of a map. */
  readonly kid: string
}

/** The header, or `undefined`. It is read before the signature is checked, so it may hold three known strings and nothing else. */
export function readHeader(encoded: string, expectedType: string): TokenHeader | undefined {
  const known = headers.get(encoded)
  if (known !== undefined) return known.typ === expectedType ? known : undefined
  const header = parseHeader(encoded)
  if (header === undefined) return undefined
  // An issuer uses the same few headers again and again. A caller that invents others only clears this cache.
  if (headers.size >= rememberedHeaders) headers.clear()
  headers.set(encoded, header)
  // RFC 8725 section 3.11: the type keeps a token of one purpose from passing for another.
  return header.typ === expectedType ? header : undefined
}

const rememberedHeaders = 32

/** What a text says never changes, so every gate of the process may use it. */
const headers = new Map<string, TokenHeader & { readonly typ: string }>()

function parseHeader(encoded: string): (TokenHeader & { readonly typ: string }) | undefined {
  const bytes = decodeBase64url(encoded)
  const presented = bytes && parseJsonObject(bytes)
  if (presented === undefined) return undefined
  const { typ, alg, kid } = presented
  if (typeof typ !== 'string' || typeof alg !== 'string' || typeof kid !== 'string') return undefined
  // RFC 7515 section 4.1.11: an extension that `crit` names and we do not know must be refused. RFC 8725 section 3.10:
  // `jku`, `x5u` and keys inside the header are never followed. A member that we never write says that we did not sign it.
  return Object.keys(presented).length === 3 ? Object.freeze({ alg, kid, typ }) : undefined
}

const signatureLength = 64

/** Half of the order of P-256 (SEC 2, section 2.4.2), rounded down; big-endian, as `s` stands in an ES256 signature. */
const halfOrderP256 = bytesOf('7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a8')
/** The order L of Ed25519's base point (RFC 8032 section 5.1), big-endian. */
const orderEd25519 = bytesOf('1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3ed')

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from({ length: hex.length / 2 }, (_, at) =>
    Number.parseInt(hex.slice(at * 2, at * 2 + 2), 16),
  )
}

/**
 * Whether a signature has the one form that its algorithm allows. Without this rule any holder of a live token could
 * write a second spelling of it: for ES256 (r, n - s) verifies wherever (r, s) does.
 */
const isCanonical = {
  // RFC 7518 section 3.4: r and s, 32 bytes each. We sign with the smaller of s and n - s.
  ES256: signature => compare(signature.subarray(32), halfOrderP256) <= 0,
  // RFC 8032 section 5.1.7: S, little-endian, is below L.
  EdDSA: signature => compare(signature.slice(32).reverse(), orderEd25519) < 0,
} as const satisfies Record<Algorithm, (signature: Uint8Array) => boolean>

export const isCanonicalSignature = (algorithm: Algorithm, signature: Uint8Array): boolean =>
  signature.length === signatureLength && isCanonical[algorithm](signature)

/** Both 32 bytes, big-endian. Signatures are public: the time this takes gives nothing away. */
function compare(left: Uint8Array, right: Uint8Array): number {
  for (let at = 0; at < right.length; at++) {
    const difference = left[at]! - right[at]!
    if (difference !== 0) return difference
  }
  return 0
}

// `ignoreBOM` keeps a byte order mark in the text, where JSON refuses it.
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

export type JsonObject = Readonly<Record<string, unknown>>

/** The JSON object that `bytes` spell in UTF-8, or `undefined`. Never throws. */
export function parseJsonObject(bytes: Uint8Array): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(utf8.decode(bytes))
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
/** A bit that no sextet has. */
const invalid = 64

const sextetOf = new Uint8Array(128).fill(invalid)
for (let sextet = 0; sextet < alphabet.length; sextet++) sextetOf[alphabet.charCodeAt(sextet)] = sextet

/**
 * Reads the one spelling that RFC 7515 section 2 gives to a sequence of bytes: no padding, no white space, no
 * character of plain base64. Anything else is `undefined`.
 *
 * INVARIANT: encoding the answer again gives `text` back, so two texts never decode to the same bytes.
 */
export function decodeBase64url(text: string): Uint8Array<ArrayBuffer> | undefined {
  const tail = text.length % 4
  if (tail === 1) return undefined
  const bytes = new Uint8Array((text.length * 3) >>> 2)
  const wholes = text.length - tail
  let length = 0
  for (let at = 0; at < wholes; at += 4) {
    const first = sextetAt(text, at)
    const second = sextetAt(text, at + 1)
    const third = sextetAt(text, at + 2)
    const fourth = sextetAt(text, at + 3)
    if ((first | second | third | fourth) & invalid) return undefined
    bytes[length++] = (first << 2) | (second >>> 4)
    bytes[length++] = (second << 4) | (third >>> 2)
    bytes[length++] = (third << 6) | fourth
  }
  if (tail === 0) return bytes
  const first = sextetAt(text, wholes)
  const second = sextetAt(text, wholes + 1)
  const third = tail === 3 ? sextetAt(text, wholes + 2) : 0
  if ((first | second | third) & invalid) return undefined
  bytes[length++] = (first << 2) | (second >>> 4)
  if (tail === 3) bytes[length++] = (second << 4) | (third >>> 2)
  // RFC 4648 section 3.5: unused trailing bits are zero, or several texts would mean the same bytes.
  const unused = tail === 2 ? second & 0b1111 : third & 0b11
  return unused === 0 ? bytes : undefined
}

function sextetAt(text: string, at: number): number {
  const code = text.charCodeAt(at)
  return code < 128 ? sextetOf[code]! : invalid
}
