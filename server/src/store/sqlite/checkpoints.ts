import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { SqliteSession } from './sqlite-session.ts'

/** Of 4 KB each: the write-ahead log is moved into the database file once it holds so many. */
const idlePages = 1_000
/**
 * Under a load that never pauses the log is moved from here on. A checkpoint runs in the event loop and writes what was
 * changed since the one before, so it is done often and takes some tens of milliseconds at most.
 */
const busyPages = 2_000
/** A checkpoint may take its time after so long without a write. */
const quietMs = 50
const batchesBetweenLooks = 8

/**
 * Checkpoints at a moment of our choosing. SQLite's own would run inside whichever commit happens to pass the limit,
 * and make that one caller wait for the disk.
 */
export class Checkpoints {
  readonly #session: SqliteSession
  readonly #pin: ReadPin
  readonly #isIdle: () => boolean
  #batchesSinceLook = 0
  #timer: NodeJS.Timeout | undefined

  constructor(session: SqliteSession, pin: ReadPin, isIdle: () => boolean) {
    this.#session = session
    this.#pin = pin
    this.#isIdle = isIdle
  }

  /** Call after each commit, outside any transaction. */
  committed(): void {
    this.#batchesSinceLook += 1
    if (this.#batchesSinceLook >= batchesBetweenLooks) this.#look(busyPages)
    this.#timer ??= setTimeout(() => this.#whenQuiet(), quietMs).unref()
  }

  stop(): void {
    clearTimeout(this.#timer)
  }

  #whenQuiet(): void {
    this.#timer = undefined
    if (this.#isIdle()) this.#look(idlePages)
  }

  #look(limitPages: number): void {
    this.#batchesSinceLook = 0
    try {
      if (this.#pendingPages() <= limitPages) return
      this.#pin.aside(() => this.#session.run('pragma wal_checkpoint(passive)'))
    } catch {
      // A checkpoint is a service, not a promise: the log holds every commit, and the next look tries again.
    }
  }

  #pendingPages(): number {
    const [state] = this.#session.run<{ log: number; checkpointed: number }>(
      'pragma wal_checkpoint(noop)',
    ).rows
    return state === undefined ? 0 : state.log - state.checkpointed
  }
}

/** Commits that come close together are followed by one refresh. */
const refreshAfterMs = 20

/**
 * Keeps a read transaction open beside the connection that reads. SQLite asks the kernel for the lock of a read only
 * when no other connection of the process holds the same one: two system calls, more than all the rest of a short read.
 *
 * It changes nothing of what a read sees, for each begins a transaction of its own. Only while the pin is older than
 * the last commit are the two calls made again.
 */
export class ReadPin {
  readonly #db: DatabaseSync
  readonly #look: StatementSync
  #timer: NodeJS.Timeout | undefined

  constructor(db: DatabaseSync) {
    this.#db = db
    this.#look = db.prepare('select count(*) from sqlite_master')
  }

  /** Call after each commit. */
  refreshSoon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      this.aside(() => {})
    }, refreshAfterMs).unref()
  }

  /**
   * Runs `work` while nothing is pinned, then pins what is there. A checkpoint needs that: a log that is pinned is
   * never begun anew, and one that is pinned when all of it has been moved is.
   */
  aside(work: () => void): void {
    this.#release()
    try {
      work()
    } finally {
      this.#take()
    }
  }

  close(): void {
    clearTimeout(this.#timer)
    if (this.#db.isOpen) this.#db.close()
  }

  #take(): void {
    try {
      this.#db.exec('begin')
      this.#look.get()
    } catch {
      // The pin saves time and guards nothing: without it a read asks the kernel.
      this.#release()
    }
  }

  #release(): void {
    if (this.#db.isTransaction) this.#db.exec('rollback')
  }
}
