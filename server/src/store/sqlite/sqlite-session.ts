import type { DatabaseSync, SQLInputValue, SQLOutputValue, StatementSync } from 'node:sqlite'
import type { QueryResult } from 'kysely'

/** Checked parameters are what the driver binds, but for booleans: before Node 24 it knows none. */
const toBound = (value: unknown): SQLInputValue =>
  typeof value === 'boolean' ? Number(value) : (value as SQLInputValue)

/** One `node:sqlite` connection with its prepared statements. Errors are SQLite's own. */
export class SqliteSession {
  readonly db: DatabaseSync
  readonly #statements: StatementCache

  constructor(db: DatabaseSync) {
    this.db = db
    this.#statements = new StatementCache(db)
  }

  /**
   * Runs one statement to its end. `parameters` went through `checkParameters`. For a read that gives one row at most,
   * `isSingle` saves SQLite the search for a second.
   */
  run<Row>(text: string, parameters: readonly unknown[] = [], isSingle = false): QueryResult<Row> {
    const { statement, toRow } = this.#statements.get(text)
    const values = parameters.map(toBound)
    if (toRow === undefined) return { rows: [], numAffectedRows: BigInt(statement.run(...values).changes) }
    if (isSingle) {
      const row = statement.get(...values) as unknown as SQLOutputValue[] | undefined
      return { rows: row === undefined ? [] : [toRow(row) as Row] }
    }
    const rows = statement.all(...values) as unknown as SQLOutputValue[][]
    return { rows: rows.map(toRow) as Row[] }
  }

  close(): void {
    this.#statements.clear()
    if (this.db.isOpen) this.db.close()
  }
}

interface Prepared {
  readonly statement: StatementSync
  /** Absent for a statement that gives no rows. */
  readonly toRow: ((values: SQLOutputValue[]) => Record<string, SQLOutputValue>) | undefined
}

/**
 * Prepared statements by their text, the least recently used dropped first: preparing costs more than running.
 * Bounded, since a list with its filters can be written in many ways.
 */
class StatementCache {
  readonly #db: DatabaseSync
  readonly #capacity: number
  readonly #statements = new Map<string, Prepared>()

  constructor(db: DatabaseSync, capacity = 256) {
    this.#db = db
    this.#capacity = capacity
  }

  get(text: string): Prepared {
    const prepared = this.#statements.get(text) ?? prepare(this.#db, text)
    this.#statements.delete(text)
    this.#statements.set(text, prepared)
    if (this.#statements.size > this.#capacity) this.#statements.delete(this.#statements.keys().next().value!)
    return prepared
  }

  clear(): void {
    this.#statements.clear()
  }
}

function prepare(db: DatabaseSync, text: string): Prepared {
  // Values in arrays: building the row ourselves is faster than the driver's objects, and gives plain ones.
  const statement = db.prepare(text)
  statement.setReturnArrays(true)
  const names = statement.columns().map(column => column.name)
  return { statement, toRow: names.length === 0 ? undefined : rowBuilder(names) }
}

function rowBuilder(names: readonly string[]): NonNullable<Prepared['toRow']> {
  return values => {
    const row: Record<string, SQLOutputValue> = {}
    for (let index = 0; index < names.length; index++) row[names[index]!] = values[index]!
    return row
  }
}
