import type { Change } from '@propusk/gate'
import type { EpochMs } from '../kernel/index.ts'

type WithoutId<C> = C extends Change ? Omit<C, 'id' | 'expiresAtMs'> : never

/** What happened, before the ledger gives it an id and an end. */
export type NewChange = WithoutId<Change>

/**
 * The ledger of what every gate must hear of. A change is appended in the transaction of its cause, so it is
 * there exactly when the cause is.
 */
export interface ChangeLog {
  append(change: NewChange, nowMs: EpochMs): Promise<void>
  /** One statement for many changes of one cause. */
  appendAll(changes: readonly NewChange[], nowMs: EpochMs): Promise<void>
}

/** What a follower reads. Ids grow, but on PostgreSQL a lower id may become visible after a higher one. */
export interface ChangeFeed {
  /** Changes with an id above the given one that have not expired, by id. */
  readAfter(id: number, nowMs: EpochMs): Promise<readonly Change[]>
  /** Removes what no gate needs any more; gives the number of rows. */
  deleteExpired(nowMs: EpochMs): Promise<number>
}

/**
 * How long a change must be remembered: the longest life of an access token that it may contradict, and a
 * minute for the clocks of other nodes.
 */
export const changeLifeMs = (accessTtlSeconds: number): number => accessTtlSeconds * 1000 + 60_000
