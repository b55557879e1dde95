import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { Kysely, sql } from 'kysely'
import { Refusal } from '../../kernel/index.ts'
import type { Database, Handle, StoreSettings } from '../database.ts'
import { runWith } from '../hot-query.ts'
import { migrations } from '../migrations/index.ts'
import { type MigrationHost, migrate, migrationState } from '../migrator.ts'
import { refuseNested } from '../refuse-nested.ts'
import type { Tables } from '../tables.ts'
import { Checkpoints } from './checkpoints.ts'
import { openReader, openWriter } from './open-files.ts'
import { ReaderDriver } from './reader-driver.ts'
import { sqliteDialect } from './sqlite-dialect.ts'
import { explained } from './sqlite-failure.ts'
import { SqliteSession } from './sqlite-session.ts'
import { WriteQueue } from './write-queue.ts'

/** Opens or makes the file at `location`. `:memory:` is a temporary file: two connections see it, as they do in earnest. */
export async function openSqlite(location: string, settings: StoreSettings): Promise<Database> {
  const temporary = location === ':memory:'
  const path = temporary ? join(mkdtempSync(join(tmpdir(), 'propusk-')), 'propusk.db') : location
  const files = openBoth(path, !temporary)
  return new SqliteDatabase(files.writer, files.reader, settings, () => {
    if (temporary) rmSync(dirname(path), { recursive: true, force: true })
  })
}

function openBoth(path: string, durable: boolean): { writer: DatabaseSync; reader: DatabaseSync } {
  try {
    const writer = openWriter(path, durable)
    return { writer, reader: openReader(path) }
  } catch (error) {
    throw new Refusal('unavailable', {
      cause: new Error(`The database file ${path} cannot be opened: ${reasonOf(error)}`, { cause: error }),
    })
  }
}

/** One sentence for whoever starts the server: what is wrong and what to do. */
function reasonOf(error: unknown): string {
  const cause = explained(error)
  return cause instanceof Error ? cause.message : String(cause)
}

class SqliteDatabase implements Database {
  readonly engine = 'sqlite'
  readonly read: Handle
  readonly #writer: SqliteSession
  readonly #reader: SqliteSession
  readonly #queue: WriteQueue
  readonly #checkpoints: Checkpoints
  readonly #settings: StoreSettings
  readonly #removeFiles: () => void
  #closing: Promise<void> | undefined

  constructor(writer: DatabaseSync, reader: DatabaseSync, settings: StoreSettings, removeFiles: () => void) {
    this.#writer = new SqliteSession(writer)
    this.#reader = new SqliteSession(reader)
    const driver = new ReaderDriver(this.#reader)
    this.read = runWith(new Kysely<Tables>({ dialect: sqliteDialect(driver) }), driver.runner)
    this.#checkpoints = new Checkpoints(this.#writer, () => this.#queue.idle)
    const committed = () => this.#checkpoints.committed()
    this.#queue = new WriteQueue(this.#writer, settings.timeouts, { committed })
    this.#settings = settings
    this.#removeFiles = removeFiles
  }

  transaction<T>(work: (trx: Handle) => Promise<T>): Promise<T> {
    return refuseNested(work, guarded => this.#queue.add(guarded, this.#settings.timeouts.transactionMs))
  }

  onWake(): () => void {
    return () => {}
  }

  async wake(): Promise<void> {}

  migrate(): Promise<{ applied: string[] }> {
    const host: MigrationHost = {
      engine: this.engine,
      read: this.read,
      clock: this.#settings.clock,
      log: this.#settings.log,
      // BEGIN IMMEDIATE is the lock.
      locked: work => this.#queue.add(work, undefined),
    }
    return migrate(host, migrations)
  }

  migrationState() {
    return migrationState(this, migrations)
  }

  async ping(): Promise<void> {
    await sql`select count(*) from sqlite_master`.execute(this.read)
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    await this.#queue.close()
    this.#checkpoints.stop()
    this.#reader.close()
    // Closing the last connection moves the log into the file and removes it.
    this.#writer.close()
    this.#removeFiles()
  }
}
