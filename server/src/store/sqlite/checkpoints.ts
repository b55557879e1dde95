import type { ReadPin } from './read-pin.ts'
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
