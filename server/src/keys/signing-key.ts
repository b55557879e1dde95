import type { Algorithm, PublicJwk, PublishedKey } from '@propusk/gate'
import type { EpochMs, KeyId } from '../kernel/index.ts'

/** RFC 7517 section 4: a key as the key set shows it, with its use and its algorithm. */
export interface PublishedJwk extends PublicJwk {
  readonly kid: KeyId
  readonly alg: Algorithm
  readonly use: 'sig'
}

/** A key pair of this server. The private part is sealed: only the master key opens it. */
export interface SigningKey {
  readonly kid: KeyId
  readonly algorithm: Algorithm
  readonly publicJwk: PublishedJwk
  readonly privateSealed: string
  readonly createdAtMs: EpochMs
  /** When a successor was made. */
  readonly retiredAtMs: EpochMs | null
}

/**
 * A new key is published first and signs only after every node must have heard of it (each hears within a
 * second or refuses to answer), so that no node meets a token whose key it does not know.
 */
const activationDelayMs = 3_000

/** The key that signs at this instant: the newest active one, or, while a successor is not active yet, its predecessor. */
export function signerAt(keys: readonly SigningKey[], nowMs: EpochMs): SigningKey | undefined {
  const newestFirst = keys.toSorted((a, b) => b.createdAtMs - a.createdAtMs)
  return newestFirst.find(key => key.createdAtMs + activationDelayMs <= nowMs) ?? newestFirst.at(-1)
}

/** The key that has no successor yet: the newest that is not retired. `keys` are in the order of their making. */
export const currentKey = (keys: readonly SigningKey[]): SigningKey | undefined =>
  keys.findLast(key => key.retiredAtMs === null)

/** Until when a retired key stays published: the last token that it signed has expired by then. */
export const publishedUntilMs = (retiredAtMs: EpochMs, longestTokenLifeSeconds: number): EpochMs =>
  retiredAtMs + activationDelayMs + longestTokenLifeSeconds * 1000 + 60_000

export const isPublished = (key: SigningKey, longestTokenLifeSeconds: number, nowMs: EpochMs): boolean =>
  key.retiredAtMs === null || publishedUntilMs(key.retiredAtMs, longestTokenLifeSeconds) > nowMs

export const toPublishedKey = (key: SigningKey, longestTokenLifeSeconds: number): PublishedKey => ({
  kid: key.kid,
  algorithm: key.algorithm,
  jwk: key.publicJwk,
  expiresAtMs: key.retiredAtMs === null ? null : publishedUntilMs(key.retiredAtMs, longestTokenLifeSeconds),
})
