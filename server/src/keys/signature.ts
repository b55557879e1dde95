import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto'
import type { Algorithm, PublicJwk, PublishedKey, VerifySignature } from '@propusk/gate'

/** The order of P-256 (FIPS 186-5, SP 800-186 section 3.2.1.3). */
const p256Order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n

interface AlgorithmFacts {
  readonly generate: () => { publicKey: KeyObject; privateKey: KeyObject }
  readonly sign: (privateKey: KeyObject, input: Uint8Array) => Uint8Array
  readonly verify: (publicKey: KeyObject, input: Uint8Array, signature: Uint8Array) => boolean
}

/** What differs between the algorithms (RFC 7518 section 3.4, RFC 8037 section 3.1). */
const facts: Record<Algorithm, AlgorithmFacts> = {
  ES256: {
    generate: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    sign: (key, input) => withLowS(sign('sha256', input, { key, dsaEncoding: 'ieee-p1363' })),
    verify: (key, input, signature) => verify('sha256', input, { key, dsaEncoding: 'ieee-p1363' }, signature),
  },
  EdDSA: {
    generate: () => generateKeyPairSync('ed25519'),
    sign: (key, input) => sign(null, input, key),
    verify: (key, input, signature) => verify(null, input, key, signature),
  },
}

/**
 * (r, s) and (r, n - s) are both signatures of the same text. We make, and the gate takes, only the one with
 * the smaller s, so that a token has a single spelling.
 */
function withLowS(signature: Buffer): Uint8Array {
  const s = BigInt(`0x${signature.toString('hex', 32)}`)
  if (s <= p256Order / 2n) return signature
  signature.write((p256Order - s).toString(16).padStart(64, '0'), 32, 'hex')
  return signature
}

export type SignBytes = (input: Uint8Array) => Uint8Array

/** A new key pair: the public part as a JWK, the private one as PKCS #8 in PEM. */
export function generateKey(algorithm: Algorithm): { publicJwk: PublicJwk; privatePem: string } {
  const { publicKey, privateKey } = facts[algorithm].generate()
  return {
    publicJwk: publicKey.export({ format: 'jwk' }) as unknown as PublicJwk,
    privatePem: privateKey.export({ format: 'pem', type: 'pkcs8' }) as string,
  }
}

export function importPrivateKey(algorithm: Algorithm, privatePem: string): SignBytes {
  const key = createPrivateKey(privatePem)
  return input => facts[algorithm].sign(key, input)
}

/** The signature primitive that the gate is given: synchronous, so that hashing in the thread pool cannot delay it. */
export function importPublicKey({ algorithm, jwk }: PublishedKey): VerifySignature {
  const key = createPublicKey({ key: { ...jwk }, format: 'jwk' })
  return (input, signature) => facts[algorithm].verify(key, input, signature)
}
