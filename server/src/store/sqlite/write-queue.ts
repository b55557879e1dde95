import { AsyncLocalStorage } from 'node:async_hooks'
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import { Kysely } from 'kysely'
import { Rejection } from '../../kernel/index.ts'
import type { Handle, StoreTimeouts } from '../database.ts'
import { withDeadline } from '../guards.ts'
import { executeWith } from '../prepared-query.ts'
import type { Tables } from '../tables.ts'
import { sqliteDialect, WriterDriver } from './drivers.ts'
import type { LogSync } from './log-sync.ts'
import { explained, isBusy, sqliteFailure } from './sqlite-failure.ts'
import type { SqliteSession } from './sqlite-session.ts'

/** Beyond it the queue is longer than a caller would wait for. */
const maxWaitingJobs = 10_000
/** A bound on one commit, as is `gatherMs`. */
const maxBatchJobs = 128
/** Waits between two tries to take the lock from another process: quick at first, then longer. */
const firstLockWaitMs = 1
const maxLockWaitMs = 50

interface Job {
  readonly waitingSinceMs: number
  /** Runs the job in its savepoint; never rejects. */
  run(): Promise<Ran>
  reject(reason: unknown): void
}

interface Ran {
  /** Settles the caller's promise; to be called once the batch is committed. */
  report(): void
  readonly failure?: unknown
}

/** Why every job of a batch must be reported as failed. */
interface Failure {
  readonly reason: unknown
}

interface WriteQueueHooks {
  /** After each batch that the disk has, outside any transaction. */
  committed(): void
}

/**
 * The one way to write: jobs run one after the other, each in a savepoint, and jobs that arrive together share one
 * commit, since the commit is the costly part (ADR 5). While the disk takes it in, the next batch gathers. No caller gets a
 * result before the disk has the commit, rejections included: a rejection may rest on what another job of the batch wrote.
 */
export class WriteQueue {
  readonly #session: SqliteSession
  readonly #driver: WriterDriver
  readonly #kysely: Kysely<Tables>
  readonly #timeouts: Pick<StoreTimeouts, 'lockWaitMs' | 'gatherMs'>
  readonly #log: LogSync
  readonly #hooks: WriteQueueHooks
  readonly #jobs: Job[] = []
  #draining: Promise<void> | undefined
  #closed = false

  constructor(
    session: SqliteSession,
    timeouts: Pick<StoreTimeouts, 'lockWaitMs' | 'gatherMs'>,
    log: LogSync,
    hooks: WriteQueueHooks,
  ) {
    this.#session = session
    this.#driver = new WriterDriver(session)
    this.#kysely = new Kysely<Tables>({ dialect: sqliteDialect(this.#driver) })
    this.#timeouts = timeouts
    this.#log = log
    this.#hooks = hooks
  }

  get idle(): boolean {
    return this.#draining === undefined
  }

  /** Resolves once the work is durable. `limitMs` bounds the work itself, not the time in the queue. */
  add<T>(work: (trx: Handle) => Promise<T>, limitMs: number | undefined): Promise<T> {
    if (this.#closed) return Promise.reject(unavailable('The database is closed'))
    if (this.#jobs.length >= maxWaitingJobs)
      return Promise.reject(unavailable('The queue of writers is full'))
    // The queue outlives the request that woke it: each job runs in the async context of its own caller.
    const inCallersContext = AsyncLocalStorage.snapshot()
    return new Promise<T>((resolve, reject) => {
      const run = async (): Promise<Ran> => {
        try {
          const value = await this.#inSavepoint(trx => inCallersContext(work, trx), limitMs)
          return { report: () => resolve(value) }
        } catch (failure) {
          return { report: () => reject(failure), failure }
        }
      }
      this.#jobs.push({ waitingSinceMs: performance.now(), run, reject })
      this.#draining ??= this.#drain()
    })
  }

  /** Refuses new jobs and waits for those that are in the queue. */
  async close(): Promise<void> {
    this.#closed = true
    await this.#draining
  }

  async #drain(): Promise<void> {
    while (this.#jobs.length > 0) {
      // Lets every request that is ready in this turn of the event loop join the batch.
      await nextTurn()
      if (await this.#begin()) await this.#runBatch()
    }
    this.#draining = undefined
  }

  /** True once the write lock is ours; false when every waiting job has been refused. */
  async #begin(): Promise<boolean> {
    for (let waitMs = firstLockWaitMs; this.#jobs.length > 0; waitMs = Math.min(waitMs * 2, maxLockWaitMs)) {
      try {
        this.#log.assertSound()
        this.#session.run('begin immediate')
        return true
      } catch (error) {
        const waitLimitMs = isBusy(error) ? this.#timeouts.lockWaitMs : 0
        this.#refuseWaiting(waitLimitMs, sqliteFailure(error))
        // Asynchronous, so that reads and everything else go on meanwhile.
        if (this.#jobs.length > 0) await sleep(waitMs)
      }
    }
    return false
  }

  #refuseWaiting(waitLimitMs: number, reason: unknown): void {
    const nowMs = performance.now()
    while (this.#jobs.length > 0 && nowMs - this.#jobs[0]!.waitingSinceMs >= waitLimitMs)
      this.#jobs.shift()!.reject(reason)
  }

  async #runBatch(): Promise<void> {
    const done: { readonly job: Job; readonly ran: Ran }[] = []
    const startedAtMs = performance.now()
    do {
      const job = this.#jobs.shift()!
      done.push({ job, ran: await job.run() })
    } while (this.#mayJoin(done.length, startedAtMs))
    const failure = this.#commit(done.at(-1)?.ran.failure) ?? (await this.#settle())
    for (const { job, ran } of done) failure ? job.reject(failure.reason) : ran.report()
    if (failure === undefined) this.#hooks.committed()
  }

  /** The reason why the disk may not have what was committed, if so. */
  #settle(): Promise<Failure | undefined> {
    return this.#log.sync().then(
      () => undefined,
      reason => ({ reason }),
    )
  }

  #mayJoin(jobs: number, startedAtMs: number): boolean {
    const hasCapacity = jobs < maxBatchJobs && performance.now() - startedAtMs < this.#timeouts.gatherMs
    return this.#jobs.length > 0 && hasCapacity && this.#session.db.isTransaction
  }

  /** The reason why nothing of this batch is in the database, if so. */
  #commit(lastFailure: unknown): Failure | undefined {
    const { db } = this.#session
    // SQLite rolls the transaction back by itself after some errors, such as a full disk; the batch ends there.
    if (!db.isTransaction)
      return { reason: unavailable('SQLite gave up the transaction after an error in it', lastFailure) }
    try {
      this.#session.run('commit')
      return undefined
    } catch (error) {
      this.#rollback()
      return { reason: new Rejection('unavailable', { cause: explained(error) }) }
    }
  }

  /** Should even this fail, the next BEGIN does too, and every waiting job is refused. */
  #rollback(): void {
    try {
      if (this.#session.db.isTransaction) this.#session.run('rollback')
    } catch {}
  }

  #inSavepoint<T>(work: (trx: Handle) => Promise<T>, limitMs: number | undefined): Promise<T> {
    const running = this.#kysely
      .transaction()
      .execute(trx => work(executeWith(trx, this.#driver.current!.executor)))
    if (limitMs === undefined) return running
    return withDeadline(running, limitMs, reason => this.#driver.current?.end(reason))
  }
}

const unavailable = (why: string, cause?: unknown): Rejection =>
  new Rejection('unavailable', { cause: new Error(why, { cause }) })
