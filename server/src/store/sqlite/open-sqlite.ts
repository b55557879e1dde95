import { accessSync, closeSync, constants, mkdirSync, mkdtempSync, openSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Kysely, sql } from 'kysely'
import { Rejection } from '../../kernel/index.ts'
import type { Database, Handle, StoreSettings } from '../database.ts'
import { refuseNested } from '../guards.ts'
import { migrations } from '../migrations/index.ts'
import { type MigrationHost, migrate, migrationState } from '../migrator.ts'
import { executeWith } from '../prepared-query.ts'
import type { Tables } from '../tables.ts'
import { Checkpoints, ReadPin } from './checkpoints.ts'
import { ReaderDriver, sqliteDialect } from './drivers.ts'
import { LogSync, type SyncFile, syncWithDisk } from './log-sync.ts'
import { explained } from './sqlite-failure.ts'
import { SqliteSession } from './sqlite-session.ts'
import { WriteQueue } from './write-queue.ts'

const neverWaits: SyncFile = async () => {}

/**
 * Opens or makes the file at `location`. `:memory:` is a temporary file, which waits for no disk: two connections see it,
 * as they do in earnest. `syncFile` is for tests that watch which result is given when.
 */
export async function openSqlite(
  location: string,
  settings: StoreSettings,
  syncFile: SyncFile = syncWithDisk,
): Promise<Database> {
  const temporary = location === ':memory:'
  const path = temporary ? join(mkdtempSync(join(tmpdir(), 'propusk-')), 'propusk.db') : location
  const files = openAll(path, !temporary)
  const log = new LogSync(`${path}-wal`, {
    syncFile: temporary ? neverWaits : syncFile,
    limitMs: settings.timeouts.transactionMs,
    log: settings.log,
  })
  return new SqliteDatabase({ ...files, log, path }, settings, () => {
    if (temporary) rmSync(dirname(path), { recursive: true, force: true })
  })
}

interface Files {
  readonly writer: DatabaseSync
  readonly reader: DatabaseSync
  readonly pin: DatabaseSync
}

function openAll(path: string, durable: boolean): Files {
  try {
    const writer = openWriter(path, durable)
    return { writer, reader: openReader(path), pin: openPin(path) }
  } catch (error) {
    throw new Rejection('unavailable', {
      cause: new Error(`The database file ${path} cannot be opened: ${reasonOf(error)}`, { cause: error }),
    })
  }
}

/** One sentence for the operator who starts the server: what is wrong and what to do. */
function reasonOf(error: unknown): string {
  const cause = explained(error)
  return cause instanceof Error ? cause.message : String(cause)
}

class SqliteDatabase implements Database {
  readonly engine = 'sqlite'
  readonly statement = undefined
  readonly read: Handle
  readonly #writer: SqliteSession
  readonly #reader: SqliteSession
  readonly #pin: ReadPin
  readonly #log: LogSync
  readonly #path: string
  readonly #queue: WriteQueue
  readonly #checkpoints: Checkpoints
  readonly #settings: StoreSettings
  readonly #removeFiles: () => void
  #closing: Promise<void> | undefined

  constructor(
    { writer, reader, pin, log, path }: Files & { readonly log: LogSync; readonly path: string },
    settings: StoreSettings,
    removeFiles: () => void,
  ) {
    this.#writer = new SqliteSession(writer)
    this.#reader = new SqliteSession(reader)
    this.#pin = new ReadPin(pin)
    this.#log = log
    this.#path = path
    const driver = new ReaderDriver(this.#reader, log)
    this.read = executeWith(new Kysely<Tables>({ dialect: sqliteDialect(driver) }), driver.executor)
    // INVARIANT: after a failure of the disk nothing is moved from the log, which may be torn there, into the database.
    this.#checkpoints = new Checkpoints(this.#writer, this.#pin, () => this.#queue.idle && log.isSound)
    const committed = () => {
      this.#checkpoints.committed()
      this.#pin.refreshSoon()
    }
    this.#queue = new WriteQueue(this.#writer, settings.timeouts, log, { committed })
    this.#settings = settings
    this.#removeFiles = removeFiles
    this.#pin.refreshSoon()
  }

  /** On a connection of its own, so that the others go on reading what is there now. */
  async snapshot<T>(work: (db: Handle) => Promise<T>): Promise<T> {
    const reader = openReader(this.#path)
    try {
      reader.exec('begin')
      const driver = new ReaderDriver(new SqliteSession(reader), this.#log)
      return await work(executeWith(new Kysely<Tables>({ dialect: sqliteDialect(driver) }), driver.executor))
    } finally {
      reader.close()
    }
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

  async inspect(): Promise<readonly string[]> {
    await this.ping()
    return []
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
    this.#pin.close()
    await this.#log.close()
    this.#reader.close()
    // Closing the last connection moves the log into the file and removes it.
    this.#writer.close()
    this.#removeFiles()
  }
}

/** Only while opening, where waiting for another process may block: no request is served yet. */
const openingTimeoutMs = 2_000
/** A reader does not wait in WAL, except for the moment in which another process recovers the log. */
const readerTimeoutMs = 50

/**
 * The connection that writes. Makes the file, for its owner's eyes only, and the directory if need be.
 *
 * A `durable` one leaves its commits to `LogSync`: with `normal` SQLite waits for the disk where the order of what is
 * written matters, at the start of a log and around a checkpoint, and not at each commit.
 */
function openWriter(path: string, durable: boolean): DatabaseSync {
  makeFile(path)
  // SQLite opens a file without write permission as read-only, silently: a server must not start on that.
  accessSync(path, constants.W_OK)
  const db = new DatabaseSync(path, { timeout: openingTimeoutMs })
  try {
    const [mode] = db.prepare('pragma journal_mode = wal').all()
    if (mode?.journal_mode !== 'wal') {
      throw new Error('SQLite cannot keep a write-ahead log there; put the database on a local disk')
    }
    db.exec(`
      pragma foreign_keys = on;
      pragma recursive_triggers = on;
      pragma trusted_schema = off;
      pragma synchronous = ${durable ? 'normal' : 'off'};
      pragma temp_store = memory;
      pragma cache_size = -8192;
      pragma wal_autocheckpoint = 0;
      pragma journal_size_limit = 67108864;
      pragma busy_timeout = 0`)
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

function openReader(path: string): DatabaseSync {
  const db = new DatabaseSync(path, { readOnly: true, timeout: readerTimeoutMs })
  db.exec('pragma trusted_schema = off; pragma temp_store = memory; pragma cache_size = -8192')
  return db
}

/** A connection that only holds a transaction open: it reads a page or two. */
function openPin(path: string): DatabaseSync {
  const db = new DatabaseSync(path, { readOnly: true, timeout: 0 })
  db.exec('pragma trusted_schema = off; pragma cache_size = 4')
  return db
}

function makeFile(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  try {
    closeSync(openSync(path, 'wx', 0o600))
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  }
}
