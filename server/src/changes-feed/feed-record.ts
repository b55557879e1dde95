import type { Change } from '@propusk/gate/core'
import type { LedgerPosition } from '../changes/index.ts'
import type { Prepared } from './prepared-snapshot.ts'

/** One event of the feed. `id` is the cursor from which a follower may go on. */
interface FeedRecord {
  readonly event: 'snapshot' | 'change' | 'now' | 'gone'
  readonly id?: string
  readonly data: unknown
}

/** A snapshot's claims beside its lists and what the signer adds: `iss` and `iat`. */
export interface SnapshotClaims {
  readonly cursor: string
  /** One uninterrupted history of the database; `order` only grows in it. */
  readonly epoch: string
  readonly order: number
}

/** The first events of a stream, to be joined. */
export interface Head {
  readonly pieces: readonly string[]
  /** The number of events other than beats. */
  readonly count: number
}

export const headOfTail = (changes: readonly Change[], meanwhile: readonly string[]): Head => ({
  pieces: [
    changes.map(change => changeText(JSON.stringify(change))).join('') + meanwhile.map(changeText).join(''),
  ],
  count: changes.length + meanwhile.length,
})

/** Of a follower without a cursor; after `gone`, where it asked for what is too old. */
export const headOfSnapshot = ({ cursor, pieces, since }: Prepared, isGone: boolean): Head => ({
  pieces: [
    `${isGone ? eventText({ event: 'gone', data: {} }) : ''}event: snapshot\nid: ${cursor}\ndata: `,
    ...pieces,
    `\n\n${since.map(changeText).join('')}`,
  ],
  count: since.length + (isGone ? 2 : 1),
})

export const changeText = (data: string): string => eventText({ event: 'change', data })

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

/** The same as one JSON text, in pieces. `cursor` is from where the next answer goes on. A JWS needs no escaping in JSON. */
export function recordsOfSnapshot(
  { cursor: snapshotCursor, pieces, since }: Prepared,
  { isGone, cursor, now }: { readonly isGone: boolean; readonly cursor: string; readonly now: object },
): readonly string[] {
  const gone = isGone ? `${JSON.stringify({ event: 'gone', data: {} })},` : ''
  const changes = since.map(data => `{"event":"change","data":${data}},`).join('')
  return [
    `{"cursor":${JSON.stringify(cursor)},"records":[${gone}`,
    `{"event":"snapshot","id":${JSON.stringify(snapshotCursor)},"data":"`,
    ...pieces,
    `"},${changes}${JSON.stringify(nowRecord(cursor, now))}]}`,
  ]
}

export const recordsOfTail = (changes: readonly Change[], cursor: string, now: object): readonly string[] => {
  const records = changes.map((data): FeedRecord => ({ event: 'change', data }))
  return [JSON.stringify({ cursor, records: [...records, nowRecord(cursor, now)] })]
}

const nowRecord = (cursor: string, now: object): FeedRecord => ({
  event: 'now',
  id: cursor,
  data: { ...now, cursor },
})
