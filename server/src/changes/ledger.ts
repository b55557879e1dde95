import type { Change, Snapshot } from '@propusk/gate'
import type { EpochMs } from '../kernel/index.ts'
import type { LedgerEntry } from './change-log.ts'

/**
 * How far the ledger has been read, in the database's own order: a reading after it brings every row that was committed
 * since and no other, whenever its id was taken. Means something to the database that gave it, and only for as long as that
 * has not recovered.
 */
export type LedgerPosition =
  /** SQLite: one transaction writes at a time, so ids are committed in their order. */
  | { readonly engine: 'sqlite'; readonly id: number }
  /**
   * PostgreSQL: the snapshot of the reading. A transaction is in it when its number is below `next` and it was not `running`.
   * A foreign transaction that runs for hours is one number in that list, and holds nothing up.
   */
  | {
      readonly engine: 'postgres'
      /** Another one after each recovery of the server: what was read before may have been lost with it. */
      readonly epoch: string
      readonly next: number
      readonly running: readonly number[]
    }

/** Whether a reading up to this position has brought the change. */
export function covers(position: LedgerPosition, { change, xact }: LedgerEntry): boolean {
  if (position.engine === 'sqlite') return change.id <= position.id
  return xact !== null && xact < position.next && !position.running.includes(xact)
}

/** What gates must know of sessions and users, at one position: a snapshot lacks the keys and the roles. */
export interface LedgerState extends Pick<Snapshot, 'changes' | 'endedSessions'> {
  readonly position: LedgerPosition
}

/** What was committed after a position; undefined when that means nothing any more, and everything is to be read anew. */
export type Reading = { readonly changes: readonly Change[]; readonly position: LedgerPosition } | undefined

export interface ChangeFeed {
  /** On the handle of a snapshot: what has not expired, and the position at which that is the whole truth. */
  readState(nowMs: EpochMs): Promise<LedgerState>
  /**
   * On the reading handle: one statement. With `proof` it proves that it was answered by the server that has the latest: on
   * PostgreSQL it writes a record into the log that each commit goes through, and waits until that is safe, which a standby
   * and a primary that was cut off from its synchronous standby cannot do.
   */
  readAfter(position: LedgerPosition, proof: 'proof' | 'no proof'): Promise<Reading>
}
