import { accessSync, closeSync, constants, existsSync, fsyncSync, openSync } from 'node:fs'
import { backup, DatabaseSync } from 'node:sqlite'
import { isBusy, isUnreadable } from './sqlite-failure.ts'

/** For the moment in which another process recovers or closes the log. */
const lockWaitMs = 2_000
/** Of 4 KB each: how much is copied before other work runs. */
const pagesAtOnce = 1_000

/**
 * Copies the database at `from`, also while servers write to it, into the file `to`, which must not exist and gets
 * mode 600, and checks the copy page by page and reference by reference. The copy is the database as it was at one
 * instant after the call: everything that was committed before the call is in it. Never changes a row of `from`.
 * Throws with one line that names `from` when that is missing or damaged.
 */
export async function copyDatabase(from: string, to: string): Promise<void> {
  if (!existsSync(from)) throw new Error(`There is no database file ${from}`)
  try {
    await copyPages(from, to)
    const fault = findDamage(to)
    if (fault !== undefined) throw new Error(`The database ${from} is damaged: ${fault}`)
  } catch (error) {
    if (!isUnreadable(error)) throw error
    throw new Error(`${from} is no SQLite database, or a damaged one: ${(error as Error).message}`)
  }
}

/** Makes a copy that no other connection uses one file without a log, and waits until the disk has it. */
export function settleCopy(path: string): void {
  withDatabase(new DatabaseSync(path), copy => copy.exec('pragma journal_mode = delete'))
  const file = openSync(path, 'r+')
  fsyncSync(file)
  closeSync(file)
}

async function copyPages(from: string, to: string): Promise<void> {
  const source = openSource(from)
  try {
    // INVARIANT: one read transaction spans the whole copy. Without it every commit of another process would make
    // the copy begin anew, and beside a busy server it would never end: https://www.sqlite.org/c3ref/backup_finish.html
    source.exec('begin')
    source.prepare('select count(*) from sqlite_schema').get()
    closeSync(openSync(to, 'wx', 0o600))
    await backup(source, to, { rate: pagesAtOnce })
  } finally {
    source.close()
  }
}

function findDamage(path: string): string | undefined {
  return withDatabase(new DatabaseSync(path), copy => {
    copy.exec('pragma trusted_schema = off')
    const page = copy.prepare('pragma integrity_check(1)').get()?.integrity_check
    if (page !== 'ok') return String(page).replaceAll('\n', ' ')
    const broken = copy.prepare('pragma foreign_key_check').get()
    return broken === undefined ? undefined : `a row of ${String(broken.table)} points at nothing`
  })
}

function withDatabase<T>(database: DatabaseSync, work: (database: DatabaseSync) => T): T {
  try {
    return work(database)
  } finally {
    database.close()
  }
}

function openSource(path: string): DatabaseSync {
  const source = new DatabaseSync(path, { timeout: lockWaitMs, readOnly: !isWritable(path) })
  source.exec('pragma trusted_schema = off; pragma query_only = on')
  return source
}

/** Opened for writing, as a server does, where possible: a read-only connection that closes last cannot remove the log. */
function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK)
    return true
  } catch {
    return false
  }
}

/** For a command that is just ending; a server never lets go. */
const commandEndMs = 500

/** The highest id that each table has given out. */
type Sequences = ReadonlyMap<string, number>

export type HeldDatabase =
  | { readonly state: 'held'; readonly sequences: Sequences; release(): void }
  | { readonly state: 'in use' }
  | { readonly state: 'unreadable'; readonly why: string }

/**
 * Takes the existing database at `path` for this process alone, its log moved into it, so that it is one file. `in use`
 * when any process has it open, idle or not: with a log every connection holds a shared lock for as long as it lives,
 * and leaving the log needs them all gone (https://www.sqlite.org/wal.html). Until `release` no other connection can
 * open it.
 *
 * The locks are the operating system's: they are seen by every process of one machine, containers on one volume
 * included, and not reliably across a network file system. A file that is no database cannot be locked: `unreadable`.
 */
export function holdDatabase(path: string): HeldDatabase {
  const database = new DatabaseSync(path, { timeout: commandEndMs })
  try {
    database.exec('pragma trusted_schema = off; pragma journal_mode = delete; begin exclusive')
    return { state: 'held', sequences: readSequences(database), release: () => database.close() }
  } catch (error) {
    database.close()
    if (isBusy(error)) return { state: 'in use' }
    if (isUnreadable(error)) return { state: 'unreadable', why: (error as Error).message }
    throw error
  }
}

/** INVARIANT: ids are never reused. Raises the counters of the copy at `path` to those of the database that it replaces. */
export function raiseSequences(path: string, sequences: Sequences): void {
  const copy = new DatabaseSync(path)
  try {
    const raise = copy.prepare('update sqlite_sequence set seq = max(seq, ?) where name = ?')
    const add = copy.prepare(`
      insert into sqlite_sequence (seq, name)
      select ?, name from sqlite_schema where type = 'table' and name = ?`)
    copy.exec('begin')
    for (const [table, highest] of sequences) {
      if (raise.run(highest, table).changes === 0) add.run(highest, table)
    }
    copy.exec('commit')
  } finally {
    copy.close()
  }
}

function readSequences(database: DatabaseSync): Sequences {
  const counts = database.prepare("select 1 from sqlite_schema where name = 'sqlite_sequence'").get()
  if (counts === undefined) return new Map()
  const rows = database.prepare('select name, seq from sqlite_sequence').all()
  return new Map(rows.map(row => [String(row.name), Number(row.seq)]))
}
