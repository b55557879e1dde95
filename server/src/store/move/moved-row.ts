import type { Hash } from 'node:crypto'
import {
  type MovedColumn,
  type MovedRow,
  type MovedTable,
  type MovedValue,
  nameOfRow,
} from './moved-table.ts'

/** A row of SQLite as PostgreSQL takes it. Throws with table, id and column where it can not. */
export function toMovedRow(table: MovedTable, row: readonly unknown[]): MovedRow {
  return table.columns.map((column, position) => {
    const value = toValue(column, row[position])
    if (value !== undefined) return value
    throw new Error(
      `The row ${nameOfRow(table, row)} cannot be moved: PostgreSQL cannot hold what is in ${column.name}${faultOf(row[position])}. Mend that row, then move again.`,
    )
  })
}

function toValue({ type }: MovedColumn, value: unknown): MovedValue | undefined {
  if (value === null) return null
  switch (type) {
    case 'bigint':
      return typeof value === 'number' ? value : undefined
    case 'boolean':
      return value === 1 || (value === 0 ? false : undefined)
    case 'text':
      return typeof value === 'string' ? value : undefined
  }
}

/** PostgreSQL has no text with NUL (https://www.postgresql.org/docs/current/datatype-character.html); it comes as bytes. */
const faultOf = (value: unknown): string =>
  value instanceof Uint8Array && value.includes(0) ? ' (a text with the character NUL)' : ''

/** Adds rows to a checksum in a form that is the same whichever engine gave them, and in which no two rows look alike. */
export function addToChecksum(checksum: Hash, rows: readonly MovedRow[]): void {
  checksum.update(rows.map(row => `${JSON.stringify(row)}\n`).join(''))
}
