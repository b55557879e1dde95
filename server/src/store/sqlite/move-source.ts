import { DatabaseSync, type StatementSync } from 'node:sqlite'
import {
  type MovedColumn,
  type MovedTable,
  nameOfRow,
  quoted,
  quotedList,
  staying,
} from '../move/moved-table.ts'
import { isBusy, isUnreadable } from './sqlite-failure.ts'

/** For a command that is just ending; a server never lets go. */
const lockWaitMs = 500

export interface SourceTable {
  readonly name: string
  readonly columns: readonly string[]
  readonly key: readonly string[]
}

/** A SQLite database that this process alone has open, and only reads. */
export class MoveSource {
  readonly #database: DatabaseSync

  /**
   * Throws with one line when any other process has the file open, idle or not: exclusive locking mode asks for a lock
   * of the whole file, of which every connection with a log holds a share (https://www.sqlite.org/wal.html, section 8).
   * The lock is gone with the process, however that ends. No byte of the file changes, unless a killed server left its
   * log, which is moved into the file as by the next start.
   */
  constructor(path: string) {
    this.#database = new DatabaseSync(path, { timeout: lockWaitMs })
    try {
      this.#database.exec(
        'pragma trusted_schema = off; pragma locking_mode = exclusive; begin exclusive; pragma query_only = on',
      )
      this.#database.prepare('select count(*) from sqlite_schema').get()
    } catch (error) {
      this.close()
      if (isBusy(error)) {
        throw new Error(
          `Another process has ${path} open. Stop every server and every other command that uses it, then move again; nothing was changed.`,
        )
      }
      if (isUnreadable(error)) throw new Error(`${path} is no SQLite database, or a damaged one`)
      throw error
    }
  }

  /** The first broken reference or page, in words: what PostgreSQL would refuse halfway is better known before. */
  findDamage(): string | undefined {
    const page = this.#database.prepare('pragma quick_check(1)').get()?.quick_check
    if (page !== 'ok') return String(page).replaceAll('\n', ' ')
    const broken = this.#database.prepare('pragma foreign_key_check').get()
    return broken === undefined ? undefined : `a row of ${String(broken.table)} points at nothing`
  }

  migrations(): string[] {
    return this.#names('select name from propusk_migrations order by name')
  }

  /** Every table that is moved, each after those that it refers to. The index of a search is none: the target makes its own. */
  tables(): SourceTable[] {
    const names = this.#names(
      `select name from pragma_table_list where schema = 'main' and type = 'table' and name not like 'sqlite\\_%' escape '\\' order by name`,
    ).filter(name => !staying.includes(name))
    return this.#afterTheirParents(names).map(name => ({
      name,
      columns: this.#names('select name from pragma_table_info(?) order by cid', name),
      key: this.#names('select name from pragma_table_info(?) where pk > 0 order by pk', name),
    }))
  }

  count(table: string): number {
    return Number(this.#database.prepare(`select count(*) as count from ${quoted(table)}`).get()?.count)
  }

  /** The highest id that was ever given out, also when its row has gone; 0 when none was. */
  highestId(table: string): number {
    const given = this.#database.prepare('select seq from sqlite_sequence where name = ?').get(table)
    const present = this.#database.prepare(`select max(id) as id from ${quoted(table)}`).get()
    return Math.max(Number(given?.seq ?? 0), Number(present?.id ?? 0))
  }

  /** The rows in the order of the key, so many at a time: no more than one page is ever in memory. */
  *pages(table: MovedTable, pageRows: number): Generator<unknown[][]> {
    const columns = table.columns.map(selected).join(', ')
    const statement = this.#database.prepare(
      `select ${columns} from ${quoted(table.name)} order by ${quotedList(table.key)}`,
    )
    statement.setReturnArrays(true)
    let page: unknown[][] = []
    for (const row of rowsOf(statement, table)) {
      page.push(row)
      if (page.length < pageRows) continue
      yield page
      page = []
    }
    if (page.length > 0) yield page
  }

  close(): void {
    if (this.#database.isOpen) this.#database.close()
  }

  #names(query: string, ...parameters: string[]): string[] {
    const rows = this.#database.prepare(query).all(...parameters)
    return rows.map(row => String(row.name))
  }

  /** INVARIANT: no references in a circle; the migrations make none, and two tables that wait for each other end here. */
  #afterTheirParents(names: readonly string[]): string[] {
    const ordered: string[] = []
    const waiting = new Set(names)
    while (waiting.size > 0) {
      const free = [...waiting].filter(name => this.#parentsOf(name).every(parent => !waiting.has(parent)))
      if (free.length === 0)
        throw new Error(`The tables ${[...waiting].join(', ')} refer to each other in a circle`)
      for (const name of free) waiting.delete(name)
      ordered.push(...free)
    }
    return ordered
  }

  #parentsOf(name: string): string[] {
    const query = 'select distinct "table" as name from pragma_foreign_key_list(?)'
    return this.#names(query, name).filter(parent => parent !== name)
  }
}

/** Text with a NUL comes as its bytes: before Node 24 the driver would give it cut off there, as if that were all. */
function selected({ name, type }: MovedColumn): string {
  const column = quoted(name)
  return type === 'text'
    ? `case when instr(${column}, char(0)) > 0 then cast(${column} as blob) else ${column} end`
    : column
}

function* rowsOf(statement: StatementSync, table: MovedTable): Generator<unknown[]> {
  let last: unknown[] | undefined
  try {
    for (const row of statement.iterate()) {
      last = row as unknown as unknown[]
      yield last
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    const place =
      last === undefined
        ? `${table.name}, first row`
        : `${table.name}, the row after ${nameOfRow(table, last)}`
    throw new Error(`${place}: it holds an integer that cannot be read exactly (${error.message})`)
  }
}
