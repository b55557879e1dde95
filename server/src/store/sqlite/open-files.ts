import { accessSync, closeSync, constants, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

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
export function openWriter(path: string, durable: boolean): DatabaseSync {
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

export function openReader(path: string): DatabaseSync {
  const db = new DatabaseSync(path, { readOnly: true, timeout: readerTimeoutMs })
  db.exec('pragma trusted_schema = off; pragma temp_store = memory; pragma cache_size = -8192')
  return db
}

/** A connection that only holds a transaction open: it reads a page or two. */
export function openPin(path: string): DatabaseSync {
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
