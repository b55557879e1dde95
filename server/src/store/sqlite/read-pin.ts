import type { DatabaseSync, StatementSync } from 'node:sqlite'

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
