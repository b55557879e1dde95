import { closeSync, fdatasync, openSync } from 'node:fs'
import { promisify } from 'node:util'
import { Rejection } from '../../kernel/index.ts'
import type { StoreNotice } from '../database.ts'
import { explained } from './sqlite-failure.ts'

/** Resolves once the disk has what was written to the open file before the call. */
export type SyncFile = (file: number) => Promise<void>

/** In a thread of the pool, so that the event loop goes on meanwhile. */
export const syncWithDisk: SyncFile = promisify(fdatasync)

interface LogSyncOptions {
  readonly syncFile: SyncFile
  /** A writer that waits longer for the disk is refused; the sync itself goes on for as long as the disk needs. */
  readonly limitMs: number
  readonly log: (notice: StoreNotice) => void
}

/**
 * Brings commits to the disk, one call at a time, where `synchronous = normal` leaves them to the operating system.
 *
 * INVARIANT: no caller gets the result of a commit, nor anything that follows only from it, before the disk has it (ADR 20). The
 * writers of a batch wait for `sync`, and a reader waits for `pending` once it has its rows.
 *
 * A sync that failed is not tried again: the system may have dropped what it could not write, and would call the next
 * one a success. Nothing is read or written any more until the database is opened anew.
 */
export class LogSync {
  readonly #path: string
  readonly #options: LogSyncOptions
  #file: number | undefined
  #running: Promise<void> | undefined
  /** The outcome for those who wait: that of `#running`, or that it takes too long. */
  #answer: Promise<void> | undefined
  #fault: Rejection | undefined

  /** `path` is the log's. It need not be there before the first commit. */
  constructor(path: string, options: LogSyncOptions) {
    this.#path = path
    this.#options = options
  }

  /** Settles once the disk has all that is committed by now, or failed it. Undefined when it has it already. */
  get pending(): Promise<void> | undefined {
    return this.#fault ? Promise.reject(this.#fault) : this.#answer
  }

  /** False while the disk owes an answer for too long, and for good once it has failed. */
  get isSound(): boolean {
    return this.#fault === undefined
  }

  assertSound(): void {
    if (this.#fault) throw this.#fault
  }

  /** To be called after a commit, and again only when the last call has settled and `assertSound` passes. */
  sync(): Promise<void> {
    this.#running = this.#run()
    this.#answer = this.#withLimit(this.#running)
    return this.#answer
  }

  async close(): Promise<void> {
    await this.#running?.catch(() => {})
    // The log itself carries no lock. (To close a descriptor of the database's own file would drop SQLite's locks on it.)
    if (this.#file !== undefined) closeSync(this.#file)
    this.#file = undefined
  }

  async #run(): Promise<void> {
    try {
      this.#file ??= openSync(this.#path, 'r+')
      await this.#options.syncFile(this.#file)
      this.#answer = undefined
      this.#fault = undefined
    } catch (error) {
      this.#fault = new Rejection('unavailable', { cause: explained(error) })
      this.#options.log({
        level: 'warn',
        message:
          'The disk failed to keep what was written to the database. Nothing is read or written until the server is started again; look at the health of the disk first',
        error,
      })
      throw this.#fault
    }
  }

  async #withLimit(running: Promise<void>): Promise<void> {
    const { limitMs } = this.#options
    const { promise: late, reject } = Promise.withResolvers<never>()
    const timer = setTimeout(() => {
      const cause = new Error(`The disk has not answered for ${limitMs} ms`)
      this.#fault = new Rejection('unavailable', { cause })
      reject(this.#fault)
    }, limitMs)
    try {
      await Promise.race([running, late])
    } finally {
      clearTimeout(timer)
    }
  }
}
