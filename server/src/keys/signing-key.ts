import type { Algorithm, PublicJwk, PublishedKey } from '@propusk/gate'
import type { EpochMs, KeyId } from '../kernel/index.ts'

/** RFC 7517 section 4: a key as the key set shows it, with its use and its algorithm. */
export interface PublishedJwk extends PublicJwk {
  readonly kid: KeyId
  readonly alg: Algorithm
  readonly use: 'sig'
}

/** `next` is published and does not sign yet, `signing` signs, `retired` signs no more and stays published for a while. */
export type KeyState = 'next' | 'signing' | 'retired'

/** A key pair of this server. The private part is sealed: only the master key opens it. */
export interface SigningKey {
  readonly kid: KeyId
  readonly algorithm: Algorithm
  readonly publicJwk: PublishedJwk
  readonly privateSealed: string
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
 * The key that signs. A key that release 0.1.0 has made beside this one does not sign here before it is adopted, so
 * that every node knows it by then. Only where no key was adopted, as in a database of that release, it is the newest.
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
