import { DatabaseSync } from 'node:sqlite'
import { isBusy, isUnreadable } from './sqlite-failure.ts'

/** For a command that is just ending; a server never lets go. */
const lockWaitMs = 500

/** The highest id that each table has given out. */
export type Sequences = ReadonlyMap<string, number>

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
  const database = new DatabaseSync(path, { timeout: lockWaitMs })
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
