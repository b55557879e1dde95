import { type SelectQueryBuilder, SqliteAdapter } from 'kysely'
import type { Engine, Handle } from './database.ts'
import type { Tables } from './tables.ts'

/** For the few statements that the two engines spell differently. */
export const engineOf = (handle: Pick<Handle, 'getExecutor'>): Engine =>
  handle.getExecutor().adapter instanceof SqliteAdapter ? 'sqlite' : 'postgres'

/**
 * Keeps the rows of a query from other writers until this transaction ends, and gives them as they are once it has them.
 * Rows that refer to them may still be made (PostgreSQL: `for no key update`). On SQLite one transaction writes at a time, so
 * that every row is locked.
 */
export const lockRows = <Tables, Names extends keyof Tables, Row>(
  db: Pick<Handle, 'getExecutor'>,
  query: SelectQueryBuilder<Tables, Names, Row>,
): SelectQueryBuilder<Tables, Names, Row> => (engineOf(db) === 'postgres' ? query.forNoKeyUpdate() : query)

/**
 * True when `error` says that a unique rule of `table` which covers `column` was broken.
 *
 * INVARIANT: every unique constraint, primary keys of text included, is named `table__column__column__key` in the
 * migrations: PostgreSQL reports the name, SQLite the columns.
 */
export function isUniqueViolation(error: unknown, table: keyof Tables, column: string): boolean {
  return violatedColumns(error).includes(`${table}.${column}`)
}

function violatedColumns(error: unknown): string[] {
  if (!(error instanceof Error)) return []
  const sqlite = /^UNIQUE constraint failed: (.+)$/.exec(error.message)
  if (sqlite) return sqlite[1]!.split(', ')
  if (!('code' in error && error.code === '23505' && 'constraint' in error)) return []
  const [table, ...columns] = String(error.constraint).split('__')
  return columns.slice(0, -1).map(name => `${table}.${name}`)
}
