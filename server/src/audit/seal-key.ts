import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import { type Cut, type CutStatement, cutBytes } from './cut.ts'
import { type Seal, type SealStatement, signedBytes } from './seal.ts'

/** RFC 8037 section 2. */
export interface SealJwk {
  readonly kty: 'OKP'
  readonly crv: 'Ed25519'
  readonly x: string
}

/** Judges signatures; the key is public. */
export interface SealVerifier {
  readonly keyId: string
  readonly publicJwk: SealJwk
  /** Whether this key has signed every field of the seal, its `keyId` included. */
  hasSigned(seal: Seal): boolean
  /** The same of a cut. */
  hasSignedCut(cut: Cut): boolean
}

export interface SealSigner extends SealVerifier {
  sign(statement: SealStatement): Seal
  signCut(statement: CutStatement): Cut
}

/** RFC 8410 section 7: what stands before the 32 bytes of an Ed25519 key in PKCS #8. */
const pkcs8Prefix = Buffer.from('302e020100300506032b657004220420', 'hex')

/** The key pair of a seed of 32 bytes: every node that has the master key has the same. */
export function createSealSigner(seed: Uint8Array): SealSigner {
  const der = Buffer.concat([pkcs8Prefix, seed])
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
  const { x } = createPublicKey(privateKey).export({ format: 'jwk' })
  const signatureOf = (bytes: Uint8Array) => sign(null, bytes, privateKey).toString('base64url')
  return {
    ...createSealVerifier({ kty: 'OKP', crv: 'Ed25519', x: x! }),
    sign: statement => ({ ...statement, signature: signatureOf(signedBytes(statement)) }),
    signCut: statement => ({ ...statement, signature: signatureOf(cutBytes(statement)) }),
  }
}

/** Throws a TypeError when `x` is no key. */
export function createSealVerifier({ x }: Pick<SealJwk, 'x'> & Partial<SealJwk>): SealVerifier {
  const publicJwk: SealJwk = { kty: 'OKP', crv: 'Ed25519', x }
  const publicKey = importKey(publicJwk)
  const keyId = thumbprint(publicJwk)
  const fits = (bytes: Uint8Array, signature: string) =>
    verify(null, bytes, publicKey, Buffer.from(signature, 'base64url'))
  return {
    keyId,
    publicJwk,
    hasSigned: seal => seal.keyId === keyId && fits(signedBytes(seal), seal.signature),
    hasSignedCut: cut => cut.keyId === keyId && fits(cutBytes(cut), cut.signature),
  }
}

function importKey(jwk: SealJwk): KeyObject {
  try {
    return createPublicKey({ key: { ...jwk }, format: 'jwk' })
  } catch (cause) {
    throw new TypeError('not an Ed25519 key', { cause })
  }
}

/** RFC 7638 section 3, RFC 8037 appendix A.3: the required members in the order of their names. */
const thumbprint = ({ crv, kty, x }: SealJwk): string =>
  createHash('sha256').update(JSON.stringify({ crv, kty, x })).digest('base64url')
