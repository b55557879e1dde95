import type { Algorithm, PublishedKey, VerifySignature } from '@propusk/gate'
import type { EpochMs } from '../kernel/index.ts'
import { createMadeSignatures } from './made-signatures.ts'
import { openSigningKey } from './open-signing-key.ts'
import { importPublicKey, type SignBytes } from './signature.ts'
import { isPublished, type SigningKey, signerOf, toPublishedKey } from './signing-key.ts'

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
