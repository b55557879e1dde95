import { type Algorithm, type PublishedKey, pushingOut, type VerifySignature } from '@propusk/gate/core'
import type { EpochMs, KeyId, Random } from '../kernel/index.ts'
import { decrypt, deriveKey, encrypt } from './encryption.ts'
import {
  generateKey,
  importPrivateKey,
  importPublicKey,
  isPublished,
  type PrivateKey,
  type SignBytes,
  type SigningKey,
  signerOf,
  toPublishedKey,
} from './signing-key.ts'
export interface Signer {
  readonly kid: string
  readonly algorithm: Algorithm
  readonly sign: SignBytes
  /** For many megabytes: beside the event loop, and not kept as what `sign` signs is, which would keep them in memory. */
  readonly signAside: PrivateKey['signAside']
}

/** The keys of this node in memory, so that signing and the key set cost no query. */
export class KeyRing {
  readonly #masterKey: Uint8Array
  #keys: readonly SigningKey[] = []
  #signingKey: SigningKey | undefined
  readonly #signers = new Map<string, Signer>()
  readonly #verifiers = new Map<string, VerifySignature>()
  readonly #made = new MadeSignatures()

  constructor(masterKey: Uint8Array) {
    this.#masterKey = masterKey
  }

  load(keys: readonly SigningKey[]): void {
    this.#keys = keys
    this.#signingKey = signerOf(keys)
    for (const known of [...this.#signers.keys(), ...this.#verifiers.keys()]) {
      if (keys.some(key => key.kid === known)) continue
      this.#signers.delete(known)
      this.#verifiers.delete(known)
    }
  }

  list(): readonly SigningKey[] {
    return this.#keys
  }

  /** Throws when there is no key at all, which start-up makes impossible. */
  signer(): Signer {
    const key = this.#signingKey
    if (key === undefined)
      throw new Error('There is no signing key. Start the server once, or run the command keys rotate')
    let signer = this.#signers.get(key.kid)
    if (signer === undefined) {
      const { sign, signAside } = openSigningKey(key, this.#masterKey)
      signer = {
        kid: key.kid,
        algorithm: key.algorithm,
        sign: this.#made.keeping(key.kid, sign),
        signAside,
      }
      this.#signers.set(key.kid, signer)
    }
    return signer
  }

  /** The check of a published key of this server; undefined for any other `kid`. */
  verifierOf(kid: string, nowMs: EpochMs): { algorithm: Algorithm; verify: VerifySignature } | undefined {
    const key = this.#keys.find(candidate => candidate.kid === kid)
    if (key === undefined || !isPublished(key, nowMs)) return undefined
    let verify = this.#verifiers.get(kid)
    if (verify === undefined) {
      verify = this.importKey(toPublishedKey(key))
      this.#verifiers.set(kid, verify)
    }
    return { algorithm: key.algorithm, verify }
  }

  /** The check of a published key; what this node signed itself is known to be good. */
  importKey(key: PublishedKey): VerifySignature {
    return this.#made.knowing(key.kid, importPublicKey(key))
  }

  /** RFC 7517 section 5. */
  jwks(nowMs: EpochMs): { keys: readonly unknown[] } {
    return { keys: this.#keys.filter(key => isPublished(key, nowMs)).map(key => key.publicJwk) }
  }
}

/** The newest ones: some 4 MB at most. */
const mostKept = 4_096

/**
 * The signatures that this process made and has not seen again yet. INVARIANT: only a signature that equals, byte for
 * byte, one that this process made is accepted without verification; every other one, one bit of difference included, is
 * verified.
 */
export class MadeSignatures {
  readonly #made = new Map<string, Uint8Array>()
  readonly #pushOut: () => void

  constructor(capacity = mostKept) {
    this.#pushOut = pushingOut(this.#made, capacity)
  }

  /** `sign`, whose signatures are kept. */
  keeping(kid: string, sign: SignBytes): SignBytes {
    return input => {
      const signature = sign(input)
      this.#made.set(nameOf(kid, signature), input)
      this.#pushOut()
      return signature
    }
  }

  /**
   * `verify`, which need not reckon where the very same bytes were signed here with the same key: that they are
   * signed is known. Each is good for one time, which is all that most tokens need: a refresh token works once, and
   * the gate remembers an access token that it has verified.
   */
  knowing(kid: string, verify: VerifySignature): VerifySignature {
    return (input, signature) => {
      const name = nameOf(kid, signature)
      const signed = this.#made.get(name)
      if (signed === undefined || Buffer.compare(signed, input) !== 0) return verify(input, signature)
      this.#made.delete(name)
      return true
    }
  }
}

const nameOf = (kid: string, signature: Uint8Array): string =>
  `${kid} ${Buffer.from(signature.buffer, signature.byteOffset, signature.byteLength).toString('latin1')}`

const encryptionContext = (kid: string) => `signing-key:${kid}`
const encryptionKey = (masterKey: Uint8Array) => deriveKey(masterKey, 'propusk signing keys')

export type KeyPair = Pick<SigningKey, 'kid' | 'algorithm' | 'publicJwk' | 'privateEncrypted'>

/** A new key pair, its private part encrypted with the master key. */
export function makeKeyPair(algorithm: Algorithm, masterKey: Uint8Array, random: Random): KeyPair {
  const made = generateKey(algorithm)
  const kid = Buffer.from(random.bytes(12)).toString('base64url') as KeyId
  return {
    kid,
    algorithm,
    publicJwk: { ...made.publicJwk, kid, alg: algorithm, use: 'sig' },
    privateEncrypted: encrypt(made.privatePem, encryptionKey(masterKey), encryptionContext(kid), random),
  }
}

/** Opens a key for signing; throws when the master key is not the one that encrypted it. */
export function openSigningKey(key: SigningKey, masterKey: Uint8Array): PrivateKey {
  const privatePem = decrypt(key.privateEncrypted, encryptionKey(masterKey), encryptionContext(key.kid))
  if (privatePem === undefined) {
    throw new Error(
      `The signing key ${key.kid} was sealed with another master key. Give the server the PROPUSK_MASTER_KEY, ` +
        'or the key file beside the SQLite database, with which the key was made.',
    )
  }
  return importPrivateKey(key.algorithm, privatePem)
}
