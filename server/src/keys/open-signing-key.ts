import type { Algorithm } from '@propusk/gate'
import type { KeyId, Random } from '../kernel/index.ts'
import { deriveKey, seal, unseal } from './seal.ts'
import { generateKey, importPrivateKey, type SignBytes } from './signature.ts'
import type { SigningKey } from './signing-key.ts'

const sealContext = (kid: string) => `signing-key:${kid}`
const sealKey = (masterKey: Uint8Array) => deriveKey(masterKey, 'propusk signing keys')

export type KeyPair = Pick<SigningKey, 'kid' | 'algorithm' | 'publicJwk' | 'privateSealed'>

/** A new key pair, its private part sealed with the master key. */
export function makeKeyPair(algorithm: Algorithm, masterKey: Uint8Array, random: Random): KeyPair {
  const made = generateKey(algorithm)
  const kid = Buffer.from(random.bytes(12)).toString('base64url') as KeyId
  return {
    kid,
    algorithm,
    publicJwk: { ...made.publicJwk, kid, alg: algorithm, use: 'sig' },
    privateSealed: seal(made.privatePem, sealKey(masterKey), sealContext(kid), random),
  }
}

/** Opens a key for signing; throws when the master key is not the one that sealed it. */
export function openSigningKey(key: SigningKey, masterKey: Uint8Array): SignBytes {
  const privatePem = unseal(key.privateSealed, sealKey(masterKey), sealContext(key.kid))
  if (privatePem === undefined) {
    throw new Error(
      `The signing key ${key.kid} was sealed with another master key. Give the server the PROPUSK_MASTER_KEY, ` +
        'or the key file beside the SQLite database, with which the key was made.',
    )
  }
  return importPrivateKey(key.algorithm, privatePem)
}
