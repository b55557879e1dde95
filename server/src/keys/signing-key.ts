import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  type SignKeyObjectInput,
  sign,
  verify,
} from 'node:crypto'
import type { Algorithm, PublicJwk, PublishedKey, VerifySignature } from '@propusk/gate/core'
import type { EpochMs, KeyId } from '../kernel/index.ts'
/** RFC 7517 section 4: a key as the key set shows it, with its use and its algorithm. */
export interface PublishedJwk extends PublicJwk {
  readonly kid: KeyId
  readonly alg: Algorithm
  readonly use: 'sig'
}

/** `next` is published and does not sign yet, `signing` signs, `retired` signs no more and stays published for a while. */
type KeyState = 'next' | 'signing' | 'retired'

/** A key pair of this server. The private part is encrypted: only the master key decrypts it. */
export interface SigningKey {
  readonly kid: KeyId
  readonly algorithm: Algorithm
  readonly publicJwk: PublishedJwk
  readonly privateEncrypted: string
  /** For people to read. INVARIANT: no order follows from it, as the clocks of nodes differ. */
  readonly createdAtMs: EpochMs
  /** Its place in the order of keys. Null, as `state`, where release 0.1.0 made it and no later node has adopted it yet. */
  readonly sequence: number | null
  readonly state: KeyState | null
  /** Of a `next` key: when it is to sign. */
  readonly signsAtMs: EpochMs | null
  /** When another key took over. */
  readonly retiredAtMs: EpochMs | null
  /** When it leaves the key set: everything that it signed has expired by then. Null before it is retired and adopted. */
  readonly publishedUntilMs: EpochMs | null
}

/**
 * The same keys by their sequence. Those that were not adopted yet come last: the next holder of the lock adopts them
 * first.
 */
export const inOrder = (keys: readonly SigningKey[]): readonly SigningKey[] =>
  keys.toSorted(
    (a, b) =>
      (a.sequence ?? Number.POSITIVE_INFINITY) - (b.sequence ?? Number.POSITIVE_INFINITY) ||
      Number(a.retiredAtMs === null) - Number(b.retiredAtMs === null) ||
      (a.retiredAtMs ?? a.createdAtMs) - (b.retiredAtMs ?? b.createdAtMs) ||
      (a.kid < b.kid ? -1 : 1),
  )

/**
 * The key that signs: its state says so, and no clock (ADR 29). A key that release 0.1.0 has made beside this one does not
 * sign here before it is adopted, so that every node knows it by then. Only where no key was adopted, as in a database of
 * that release, it is the newest.
 */
export const signerOf = (keys: readonly SigningKey[]): SigningKey | undefined =>
  inOrder(keys).findLast(key => key.state === 'signing') ??
  inOrder(keys).findLast(key => key.state === null && key.retiredAtMs === null)

export const nextOf = (keys: readonly SigningKey[]): SigningKey | undefined =>
  keys.find(key => key.state === 'next')

export const isPublished = ({ publishedUntilMs }: SigningKey, nowMs: EpochMs): boolean =>
  publishedUntilMs === null || publishedUntilMs > nowMs

export const toPublishedKey = ({
  kid,
  algorithm,
  publicJwk,
  publishedUntilMs,
}: SigningKey): PublishedKey => ({
  kid,
  algorithm,
  jwk: publicJwk,
  expiresAtMs: publishedUntilMs,
})

/** INVARIANT: one key signs, and it is published without an end. Throws where the rows say otherwise. */
export function assertKeysInOrder(keys: readonly SigningKey[]): void {
  const signing = keys.filter(key => key.state === 'signing')
  const [signer] = signing
  const sequences = new Set(keys.map(key => key.sequence))
  const fault =
    signer === undefined
      ? 'none signs'
      : signing.length > 1
        ? `${signing.length} sign`
        : signer.publishedUntilMs !== null || signer.retiredAtMs !== null
          ? `${signer.kid} signs and is retired`
          : sequences.size < keys.length
            ? 'two have the same sequence'
            : keys.filter(key => key.state === 'next').length > 1
              ? 'two are to sign next'
              : undefined
  if (fault === undefined) return
  throw new Error(
    `The signing keys are not in order (${fault}). See «All signing keys must go» in docs/operations.md.`,
  )
}

/**
 * For so long a new key is published before it signs, unless it is wanted at once. A cache may serve a key set that is
 * 60 s old (`max-age`, RFC 9111), and a client that has just fetched it asks no more for 30 s, whatever `kid` it meets
 * (`jose`; others less): a verifier may know what was published 90 s ago and nothing newer. The rest is for nodes that
 * hear of the key a second later, clocks that count whole seconds, and slow answers.
 */
export const publishAheadMs = 150_000

/** How long the key set may be cached, as its answer says. */
export const keySetMaxAgeSeconds = 60

/** Every node hears of a change within a second or refuses to answer: after this each knows a key that was published. */
export const receivedByAllMs = 3_000

/** For a node that hears late that its key is retired, and for clocks that differ. */
export const retiredMarginMs = 120_000

/**
 * When a key that retires now leaves the key set. What it signed ends with a session, so the end of the last live one
 * covers it, whatever the settings were when it began, and whatever the clock of its node said. The life that the
 * settings allow now is for sessions that begin in this moment.
 */
export const publishedUntilMs = (
  retiredAtMs: EpochMs,
  longestTokenLifeSeconds: number,
  lastSessionEndMs: EpochMs | undefined,
): EpochMs => Math.max(retiredAtMs + longestTokenLifeSeconds * 1000, lastSessionEndMs ?? 0) + retiredMarginMs

/** The order of P-256 (FIPS 186-5, SP 800-186 section 3.2.1.3). */
const p256Order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n

interface AlgorithmFacts {
  readonly generate: () => { publicKey: KeyObject; privateKey: KeyObject }
  readonly sign: (privateKey: KeyObject, input: Uint8Array) => Uint8Array
  /** The same in the thread pool. */
  readonly signAside: (privateKey: KeyObject, input: Uint8Array) => Promise<Uint8Array>
  readonly verify: (publicKey: KeyObject, input: Uint8Array, signature: Uint8Array) => boolean
}

/** What differs between the algorithms (RFC 7518 section 3.4, RFC 8037 section 3.1). */
const facts: Record<Algorithm, AlgorithmFacts> = {
  ES256: {
    generate: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    sign: (key, input) => withLowS(sign('sha256', input, { key, dsaEncoding: 'ieee-p1363' })),
    signAside: async (key, input) =>
      withLowS(await signInPool('sha256', input, { key, dsaEncoding: 'ieee-p1363' })),
    verify: (key, input, signature) => verify('sha256', input, { key, dsaEncoding: 'ieee-p1363' }, signature),
  },
  EdDSA: {
    generate: () => generateKeyPairSync('ed25519'),
    sign: (key, input) => sign(null, input, key),
    signAside: (key, input) => signInPool(null, input, { key }),
    verify: (key, input, signature) => verify(null, input, key, signature),
  },
}

function signInPool(digest: string | null, input: Uint8Array, key: SignKeyObjectInput): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    sign(digest, input, key, (error, signature) => (error === null ? resolve(signature) : reject(error)))
  })
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

/** What a private key does. */
export interface PrivateKey {
  readonly sign: SignBytes
  /** For many megabytes: beside the event loop. */
  readonly signAside: (input: Uint8Array) => Promise<Uint8Array>
}

/** A new key pair: the public part as a JWK, the private one as PKCS #8 in PEM. */
export function generateKey(algorithm: Algorithm): { publicJwk: PublicJwk; privatePem: string } {
  const { publicKey, privateKey } = facts[algorithm].generate()
  return {
    publicJwk: publicKey.export({ format: 'jwk' }) as unknown as PublicJwk,
    privatePem: privateKey.export({ format: 'pem', type: 'pkcs8' }) as string,
  }
}

export function importPrivateKey(algorithm: Algorithm, privatePem: string): PrivateKey {
  const key = createPrivateKey(privatePem)
  const { sign, signAside } = facts[algorithm]
  return { sign: input => sign(key, input), signAside: input => signAside(key, input) }
}

/** The signature primitive that the gate is given: synchronous, so that hashing in the thread pool cannot delay it. */
export function importPublicKey({ algorithm, jwk }: PublishedKey): VerifySignature {
  const key = createPublicKey({ key: { ...jwk }, format: 'jwk' })
  return (input, signature) => facts[algorithm].verify(key, input, signature)
}
