import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite'

export interface Prepared {
  readonly statement: StatementSync
  /** Absent for a statement that gives no rows. */
  readonly toRow: ((values: SQLOutputValue[]) => Record<string, SQLOutputValue>) | undefined
}

/**
 * Prepared statements by their text, the least recently used dropped first: preparing costs more than running.
 * Bounded, since a list with its filters can be written in many ways.
 */
export class StatementCache {
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
