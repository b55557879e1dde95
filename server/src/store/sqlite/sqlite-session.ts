import type { DatabaseSync, SQLInputValue, SQLOutputValue } from 'node:sqlite'
import type { QueryResult } from 'kysely'
import { StatementCache } from './statement-cache.ts'

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
