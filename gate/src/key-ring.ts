import { type Change, type ChangeOf, type LatestChange, latestOf } from './change.ts'
import { type ImportKey, type PublishedKey, toPublishedKey } from './published-key.ts'
import type { VerifyingKey } from './read-signed-token.ts'

/** A key as the ring holds it. It may stop being valid at any time: a caller that keeps one must ask again at each use. */
export interface RingKey extends VerifyingKey {
  readonly key: PublishedKey
  /** It only ever moves nearer. */
  readonly goodUntilMs: number
}

export type KeyChange = ChangeOf<'key_published'> | ChangeOf<'key_retired'>

interface Entry {
  /** Absent where only the retirement has been received so far. */
  ringKey: RingKey | undefined
  untilMs: number
  latest: LatestChange | undefined
}

export type KeyRing = ReturnType<typeof createKeyRing>

/**
 * The keys whose tokens are accepted. A `kid` names one key for ever and its retirement is final: the end of a key
 * only moves nearer. So rows may come in any order (ADR 29).
 */
export function createKeyRing(importKey: ImportKey) {
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
    publish(key: PublishedKey): void {
      publish(key)
    },
    apply(change: KeyChange): void {
      const entry = change.kind === 'key_published' ? publish(change.key) : retire(change)
      entry.latest = latestOf(entry.latest, change)
    },
    find(kid: string, nowMs: number): RingKey | undefined {
      const ringKey = entries.get(kid)?.ringKey
      return ringKey !== undefined && ringKey.goodUntilMs > nowMs ? ringKey : undefined
    },
    keys: (): PublishedKey[] =>
      [...entries.values()].flatMap(({ ringKey, untilMs }) =>
        ringKey === undefined
          ? []
          : [{ ...ringKey.key, expiresAtMs: Number.isFinite(untilMs) ? untilMs : null }],
      ),
    changes: (): Change[] =>
      [...entries].flatMap(([kid, { untilMs, latest }]): Change[] =>
        latest === undefined || !Number.isFinite(untilMs)
          ? []
          : [{ ...latest, kind: 'key_retired', kid, untilMs }],
      ),
    forget(nowMs: number): void {
      // INVARIANT: a key stays, though dead, while a row that published it may be read again.
      for (const [kid, { untilMs, latest }] of entries) {
        if (untilMs <= nowMs && (latest === undefined || latest.expiresAtMs <= nowMs)) entries.delete(kid)
      }
    },
  }
}
