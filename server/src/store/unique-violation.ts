import type { Tables } from './tables.ts'

/**
 * True when `error` says that a unique rule of `table` which covers `column` was broken.
 *
 * INVARIANT: every unique constraint, primary keys of text included, is named `table__column__column__key` in the
 * migrations: PostgreSQL tells the name, SQLite tells the columns.
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
