import type { Change, ChangeOf } from './change.ts'
import { type LatestChange, latestOf } from './mark.ts'
import { type ImportKey, type PublishedKey, toPublishedKey } from './published-key.ts'
import type { VerifyingKey } from './read-signed-token.ts'

/** A key as the ring holds it. It may stop being valid at any time: a caller that keeps one must ask again at each use. */
export interface RingKey extends VerifyingKey {
  readonly key: PublishedKey
  /** It only ever moves nearer. */
  readonly goodUntilMs: number
}

/**
 * The keys whose tokens are accepted. A `kid` names one key for ever and its retirement is final: the end of a key
 * only moves nearer. So rows may come in any order.
 */
export interface KeyRing {
  publish(key: PublishedKey): void
  apply(change: KeyChange): void
  find(kid: string, nowMs: number): RingKey | undefined
  keys(): PublishedKey[]
  changes(): Change[]
  forget(nowMs: number): void
}

export type KeyChange = ChangeOf<'key_published'> | ChangeOf<'key_retired'>

interface Entry {
  /** Absent where only the retirement has been received so far. */
  ringKey: RingKey | undefined
  untilMs: number
  latest: LatestChange | undefined
}

export function createKeyRing(importKey: ImportKey): KeyRing {
  const entries = new Map<string, Entry>()

  function entryOf(kid: string): Entry {
    const known = entries.get(kid)
    if (known !== undefined) return known
    const entry: Entry = { ringKey: undefined, untilMs: Number.POSITIVE_INFINITY, latest: undefined }
    entries.set(kid, entry)
    return entry
  }

  function publish(presented: PublishedKey): Entry {
    const key = toPublishedKey(presented)
    // Imported before anything is noted: a key that cannot be read leaves the ring as it was.
    const verify = entries.get(key.kid)?.ringKey?.verify ?? importKey(key)
    const entry = entryOf(key.kid)
    entry.untilMs = Math.min(entry.untilMs, key.expiresAtMs ?? Number.POSITIVE_INFINITY)
    entry.ringKey ??= {
      key,
      algorithm: key.algorithm,
      verify,
      get goodUntilMs() {
        return entry.untilMs
      },
    }
    return entry
  }

  function retire({ kid, untilMs }: ChangeOf<'key_retired'>): Entry {
    const entry = entryOf(kid)
    entry.untilMs = Math.min(entry.untilMs, untilMs)
    return entry
  }

  return {
    publish,
    apply(change) {
      const entry = change.kind === 'key_published' ? publish(change.key) : retire(change)
      entry.latest = latestOf(entry.latest, change)
    },
    find(kid, nowMs) {
      const ringKey = entries.get(kid)?.ringKey
      return ringKey !== undefined && ringKey.goodUntilMs > nowMs ? ringKey : undefined
    },
    keys: () =>
      [...entries.values()].flatMap(({ ringKey, untilMs }) =>
        ringKey === undefined
          ? []
          : [{ ...ringKey.key, expiresAtMs: Number.isFinite(untilMs) ? untilMs : null }],
      ),
    changes: () =>
      [...entries].flatMap(([kid, { untilMs, latest }]): Change[] =>
        latest === undefined || !Number.isFinite(untilMs)
          ? []
          : [{ ...latest, kind: 'key_retired', kid, untilMs }],
      ),
    forget(nowMs) {
      // INVARIANT: a key stays, though dead, while a row that published it may be read again.
      for (const [kid, { untilMs, latest }] of entries) {
        if (untilMs <= nowMs && (latest === undefined || latest.expiresAtMs <= nowMs)) entries.delete(kid)
      }
    },
  }
}
