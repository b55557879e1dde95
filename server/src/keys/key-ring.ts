import { type Algorithm, type PublishedKey, pushingOut, type VerifySignature } from '@propusk/gate'
import type { EpochMs, KeyId, Random } from '../kernel/index.ts'
import { decrypt, deriveKey, encrypt } from './encryption.ts'
import {
  generateKey,
  importPrivateKey,
  importPublicKey,
  isPublished,
  type SignBytes,
  type SigningKey,
  signerOf,
  toPublishedKey,
} from './signing-key.ts'
export interface Signer {
  readonly kid: string
  readonly algorithm: Algorithm
  readonly sign: SignBytes
}

/** The keys of this node in memory, so that signing and the key set cost no query. */
export interface KeyRing {
  load(keys: readonly SigningKey[]): void
  /** Throws when there is no key at all, which start-up makes impossible. */
  signer(): Signer
  /** The check of a published key of this server; undefined for any other `kid`. */
  verifierOf(kid: string, nowMs: EpochMs): { algorithm: Algorithm; verify: VerifySignature } | undefined
  /** The check of a published key; what this node signed itself is known to be good. */
  importKey(key: PublishedKey): VerifySignature
  /** RFC 7517 section 5. */
  jwks(nowMs: EpochMs): { keys: readonly unknown[] }
  list(): readonly SigningKey[]
}

export function createKeyRing(masterKey: Uint8Array): KeyRing {
  let keys: readonly SigningKey[] = []
  let signingKey: SigningKey | undefined
  const signers = new Map<string, Signer>()
  const verifiers = new Map<string, VerifySignature>()
  const made = createMadeSignatures()

  const open = (key: SigningKey): Signer => {
    let signer = signers.get(key.kid)
    if (signer === undefined) {
      const sign = made.keeping(key.kid, openSigningKey(key, masterKey))
      signer = { kid: key.kid, algorithm: key.algorithm, sign }
      signers.set(key.kid, signer)
    }
    return signer
  }

  const importKey = (key: PublishedKey) => made.knowing(key.kid, importPublicKey(key))

  return {
    importKey,
    load(loaded) {
      keys = loaded
      signingKey = signerOf(loaded)
      for (const known of [...signers.keys(), ...verifiers.keys()]) {
        if (keys.some(key => key.kid === known)) continue
        signers.delete(known)
        verifiers.delete(known)
      }
    },
    signer() {
      if (signingKey === undefined)
        throw new Error('There is no signing key. Start the server once, or run the command keys rotate')
      return open(signingKey)
    },
    verifierOf(kid, nowMs) {
      const key = keys.find(candidate => candidate.kid === kid)
      if (key === undefined || !isPublished(key, nowMs)) return undefined
      let verify = verifiers.get(kid)
      if (verify === undefined) {
        verify = importKey(toPublishedKey(key))
        verifiers.set(kid, verify)
      }
      return { algorithm: key.algorithm, verify }
    },
    jwks: nowMs => ({
      keys: keys.filter(key => isPublished(key, nowMs)).map(key => key.publicJwk),
    }),
    list: () => keys,
  }
}

/** The signatures that this process made and has not seen again yet. */
export interface MadeSignatures {
  /** `sign`, whose signatures are kept. */
  keeping(kid: string, sign: SignBytes): SignBytes
  /**
   * `verify`, which need not reckon where the very same bytes were signed here with the same key: that they are
   * signed is known. Each is good for one time, which is all that most tokens need: a refresh token works once, and
   * the gate remembers an access token that it has verified.
   */
  knowing(kid: string, verify: VerifySignature): VerifySignature
}

/** The newest ones: some 4 MB at most. */
const mostKept = 4_096

/**
 * INVARIANT: only a signature that equals, byte for byte, one that this process made is accepted without verification;
 * every other one, one bit of difference included, is verified.
 */
export function createMadeSignatures(capacity = mostKept): MadeSignatures {
  const made = new Map<string, Uint8Array>()
  const pushOut = pushingOut(made, capacity)
  const nameOf = (kid: string, signature: Uint8Array) =>
    `${kid} ${Buffer.from(signature.buffer, signature.byteOffset, signature.byteLength).toString('latin1')}`
  return {
    keeping: (kid, sign) => input => {
      const signature = sign(input)
      made.set(nameOf(kid, signature), input)
      pushOut()
      return signature
    },
    knowing: (kid, verify) => (input, signature) => {
      const name = nameOf(kid, signature)
      const signed = made.get(name)
      if (signed === undefined || Buffer.compare(signed, input) !== 0) return verify(input, signature)
      made.delete(name)
      return true
    },
  }
}

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
export function openSigningKey(key: SigningKey, masterKey: Uint8Array): SignBytes {
  const privatePem = decrypt(key.privateEncrypted, encryptionKey(masterKey), encryptionContext(key.kid))
  if (privatePem === undefined) {
    throw new Error(
      `The signing key ${key.kid} was sealed with another master key. Give the server the PROPUSK_MASTER_KEY, ` +
        'or the key file beside the SQLite database, with which the key was made.',
    )
  }
  return importPrivateKey(key.algorithm, privatePem)
}
