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
export type MovedValue = string | number | boolean | null

export type MovedRow = readonly MovedValue[]

/**
 * What is not moved. The migrations of the target are its own. A lease says which running server does a piece of work,
 * and after a move none runs: the new ones find the rows that their migration made, free. Nor is any of the old nodes
 * one of the new.
 */
export const staying: readonly string[] = ['propusk_migrations', 'leases', 'nodes']

/** Marks the rows that migrations make, in the tables that have some. */
export const seedMark = 'is_builtin'

export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

export const quotedList = (names: readonly string[]): string => names.map(quoted).join(', ')

/** `users 12`, as messages name one row. */
export function nameOfRow({ name, columns, key }: MovedTable, row: readonly unknown[]): string {
  const values = key.map(column => row[columns.findIndex(({ name }) => name === column)])
  return `${name} ${values.join(', ')}`
}
