import type { Change, Snapshot } from '@propusk/gate/core'
import type { LedgerPosition } from '../changes/index.ts'

/** One event of the feed. `id` is the cursor from which a follower may go on. */
export interface FeedRecord {
  readonly event: 'snapshot' | 'change' | 'now' | 'gone'
  readonly id?: string
  readonly data: unknown
}

/** A snapshot's claims beside what the signer adds: `iss` and `iat`. */
export interface SnapshotClaims extends Snapshot {
  readonly cursor: string
  /** One uninterrupted history of the database; `order` only grows in it. */
  readonly epoch: string
  readonly order: number
}

export const headOfTail = (
  changes: readonly Change[],
  meanwhile: { readonly text: string; readonly count: number },
) => ({
  text: changes.map(data => eventText({ event: 'change', data })).join('') + meanwhile.text,
  count: changes.length + meanwhile.count,
})

/** HTML Living Standard, section 9.2.5. Neither JSON nor a JWS holds a line break, so the data is one line. */
export function eventText({ event, id, data }: FeedRecord): string {
  const text = typeof data === 'string' ? data : JSON.stringify(data)
  return `event: ${event}\n${id === undefined ? '' : `id: ${id}\n`}data: ${text}\n\n`
}

/** What a follower compares two snapshots by: it takes none that is older than what it knows. */
export const orderOf = (position: LedgerPosition): { readonly epoch: string; readonly order: number } =>
  position.engine === 'sqlite'
    ? { epoch: 'sqlite', order: position.id }
    : { epoch: position.epoch, order: position.next }

/** The records as one answer; `cursor` is from where the next one goes on. */
export interface JsonRecords {
  readonly records: readonly FeedRecord[]
  readonly cursor: string
}

export function recordsOfSnapshot(snapshot: FeedRecord, isGone: boolean, now: object): JsonRecords {
  const cursor = snapshot.id!
  const gone: FeedRecord[] = isGone ? [{ event: 'gone', data: {} }] : []
  return { cursor, records: [...gone, snapshot, { event: 'now', id: cursor, data: { ...now, cursor } }] }
}

export function recordsOfTail(changes: readonly Change[], cursor: string, now: object): JsonRecords {
  const records = changes.map((data): FeedRecord => ({ event: 'change', data }))
  return { cursor, records: [...records, { event: 'now', id: cursor, data: { ...now, cursor } }] }
}
