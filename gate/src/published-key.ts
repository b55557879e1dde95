export type Algorithm = 'ES256' | 'EdDSA'

/** RFC 7518 section 6.2 (EC, P-256) or RFC 8037 section 2 (OKP, Ed25519). */
export interface PublicJwk {
  readonly kty: string
  readonly crv: string
  readonly x: string
  readonly y?: string
}

/** A key of the issuer's key set. A `kid` names one key for ever. */
export interface PublishedKey {
  readonly kid: string
  readonly algorithm: Algorithm
  readonly jwk: PublicJwk
  /** When the last token that it signed has expired; `null` while it is in use. */
  readonly expiresAtMs: number | null
}

/** Synchronous. Anything but the value `true`, such as a promise, is a no. */
export type VerifySignature = (signingInput: Uint8Array, signature: Uint8Array) => boolean

/** Makes a verifier of one key for the one algorithm that the key record names. */
export type ImportKey = (key: PublishedKey) => VerifySignature

const shapeOf = {
  ES256: { kty: 'EC', crv: 'P-256' },
  EdDSA: { kty: 'OKP', crv: 'Ed25519' },
} as const satisfies Record<Algorithm, { kty: string; crv: string }>

/** A frozen copy. Throws a TypeError for a key that does not fit its algorithm, and for a private one. */
export function toPublishedKey({ kid, algorithm, jwk, expiresAtMs }: PublishedKey): PublishedKey {
  if (typeof kid !== 'string' || kid === '') throw new TypeError('A published key has no kid: give it one')
  if (!Object.hasOwn(shapeOf, algorithm)) {
    throw new TypeError(`Key ${kid} has algorithm ${String(algorithm)}: use ES256 or EdDSA`)
  }
  const shape = shapeOf[algorithm]
  // RFC 8725 section 3.1: one key, one algorithm.
  if (jwk.kty !== shape.kty || jwk.crv !== shape.crv) {
    throw new TypeError(
      `Key ${kid} does not fit ${algorithm}: its kty must be ${shape.kty}, its crv ${shape.crv}`,
    )
  }
  if (Object.hasOwn(jwk, 'd'))
    throw new TypeError(`Key ${kid} holds its private part: publish the public one only`)
  if (expiresAtMs !== null && !Number.isFinite(expiresAtMs)) {
    throw new TypeError(`Key ${kid} has a wrong expiresAtMs: give milliseconds since 1970, or null`)
  }
  return Object.freeze({ kid, algorithm, jwk: Object.freeze({ ...jwk }), expiresAtMs })
}
