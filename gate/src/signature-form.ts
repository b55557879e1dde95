import type { Algorithm } from './published-key.ts'

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
