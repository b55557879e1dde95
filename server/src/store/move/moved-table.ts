import type { Hash } from 'node:crypto'

/** Column types of the schema that both engines spell, by PostgreSQL's names. */
export type ColumnType = 'bigint' | 'text' | 'boolean'

export interface MovedColumn {
  readonly name: string
  readonly type: ColumnType
}

/** One table as it is moved: what both engines agree on. */
export interface MovedTable {
  readonly name: string
  readonly columns: readonly MovedColumn[]
  /** The columns of the primary key, in the order of the key. */
  readonly key: readonly string[]
  /** The column that counts up by itself, if there is one. */
  readonly identity: string | undefined
}

/** The value of one column as both engines give it once flags are booleans. */
type MovedValue = string | number | boolean | null

export type MovedRow = readonly MovedValue[]

/**
 * What is not moved. The migrations of the target are its own. A leader lease belongs to a running server,
 * and after a move none runs: the new ones find the rows that their migration made, free. Nor is any of the old nodes
 * one of the new.
 */
export const staying: readonly string[] = ['propusk_migrations', 'leases', 'nodes']

/** The flag of the rows that migrations make, in the tables that have some. */
export const seedFlag = 'is_builtin'

export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

export const quotedList = (names: readonly string[]): string => names.map(quoted).join(', ')

/** `users 12`, as messages name one row. */
export function nameOfRow({ name, columns, key }: MovedTable, row: readonly unknown[]): string {
  const values = key.map(column => row[columns.findIndex(({ name }) => name === column)])
  return `${name} ${values.join(', ')}`
}

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
