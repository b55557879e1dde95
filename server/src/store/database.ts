import type { Kysely } from 'kysely'
import type { Clock } from '../kernel/index.ts'
import type { Tables } from './tables.ts'

/** What a query is written against: `database.read`, or the transaction that `work` is given. */
export type Handle = Kysely<Tables>

export type Engine = 'sqlite' | 'postgres'

export interface MigrationState {
  readonly applied: readonly string[]
  readonly pending: readonly string[]
  /** Applied by a newer version of this program, which says that this one can go on all the same. */
  readonly expanded: readonly string[]
  /** Applied by a newer version of this program, and of those that this one cannot work with. */
  readonly unknown: readonly string[]
}

/**
 * The one promise that both engines keep. Whatever cannot be answered because the engine is away, full,
 * locked or out of time is `Rejection('unavailable')`; a broken constraint passes through as the engine's own error.
 */
export interface Database {
  readonly engine: Engine
  /** Reads outside a transaction: committed rows only, and never waits for a writer. Writes are refused or undefined. */
  readonly read: Handle
  /**
   * Reads of one instant: whatever `work` reads on its handle, it reads as it was when it began. For reads that take long:
   * it has a minute, and each statement as long as any other. Writes are refused.
   */
  snapshot<T>(work: (db: Handle) => Promise<T>): Promise<T>
  /**
   * One write transaction. Throwing rolls back and rejects; returning commits, and the promise resolves only after
   * the commit is durable. It may run again after a serialization failure or a deadlock (PostgreSQL), so `work` has
   * no effect outside the transaction. A statement that failed spoils the whole transaction, caught or not. It is cut
   * off after `transactionMs`, and its handle is dead from then on.
   */
  transaction<T>(work: (trx: Handle) => Promise<T>): Promise<T>
  /**
   * One statement that is a transaction by itself: it has what `transaction` promises, in one message to the server and
   * one back. Undefined on SQLite: there no message travels, and a statement writes to one table only.
   */
  readonly statement: (<T>(run: (db: Handle) => Promise<T>) => Promise<T>) | undefined
  /** Wakes `listener` soon after any node committed a change that called `wake`: a hint, never a guarantee. Returns the way to stop. */
  onWake(listener: () => void): () => void
  /** Inside a transaction: wakes the listeners of every node once it commits. SQLite has no such call and does nothing. */
  wake(trx: Handle): Promise<void>
  /**
   * Applies what is pending. Safe to call from two nodes at once. Throws a plain Error when the database is newer than
   * the program can work with, or cannot hold what is written to it.
   */
  migrate(): Promise<{ applied: string[] }>
  migrationState(): Promise<MigrationState>
  /** How the pool of connections stands. Undefined on SQLite, which has none. */
  readonly connections?: () => PoolLoad
  /**
   * What an operator should know of the database, a sentence each. Throws a plain Error that says what to do when it
   * cannot hold what is written to it, and `unavailable` when it does not answer.
   */
  inspect(): Promise<readonly string[]>
  /** Rejects with `unavailable` when the engine does not answer. */
  ping(): Promise<void>
  /** Lets running transactions finish, then releases everything. Calling it twice is harmless. */
  close(): Promise<void>
}

export interface PoolLoad {
  readonly inUse: number
  readonly idle: number
  /** Work that waits for a connection. */
  readonly waiting: number
}

/** Something an operator should read in the log. Never holds a password or an address with one. */
export interface StoreNotice {
  readonly level: 'info' | 'warn'
  readonly message: string
  readonly error?: unknown
}

export interface StoreTimeouts {
  /** For a connection, a free place in the pool included. */
  readonly connectMs: number
  readonly statementMs: number
  /** INVARIANT: an id becomes visible at most this long after it was taken: what the audit's watermark rests on. */
  readonly transactionMs: number
  /** How long the reads of one snapshot may take together. */
  readonly snapshotMs: number
  /** How long a SQLite writer waits for another process before it says `unavailable`. */
  readonly lockWaitMs: number
  /** How long one commit on SQLite may gather writes, so that the first does not wait long for the last. */
  readonly gatherMs: number
}

export const defaultTimeouts: StoreTimeouts = {
  connectMs: 2_000,
  statementMs: 5_000,
  transactionMs: 5_000,
  snapshotMs: 60_000,
  lockWaitMs: 5_000,
  gatherMs: 25,
}

export interface OpenOptions {
  readonly timeouts?: Partial<StoreTimeouts>
  readonly log?: (notice: StoreNotice) => void
  /** Only dates the applied migrations. */
  readonly clock?: Clock
}

/** `OpenOptions` with every default filled in. */
export interface StoreSettings {
  readonly timeouts: StoreTimeouts
  readonly log: (notice: StoreNotice) => void
  readonly clock: Clock
}
