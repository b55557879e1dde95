import type { Engine } from '../database.ts'

/**
 * Where the two engines spell the same column differently. INVARIANT: released migrations are made of it, so it is frozen
 * with them: a member may be added, and none is changed. Migrations are SQL text rather than the schema builder:
 * nearly every line is a constraint, which the builder would take as text anyway, and SQLite keeps the text as it is.
 */
export interface ColumnTypes {
  /** Counts up by itself and is never reused, not even after the newest row has gone. */
  readonly id: string
  /** 64 bits: ids, and times in epoch milliseconds. */
  readonly int: string
  /** Compared byte for byte, so that both engines order alike. */
  readonly text: string
  flag(column: string): string
  codeName(column: string): string
  /** After the closing bracket of a table: types are enforced on both engines. */
  readonly table: string
  /** The same for a table whose rows live in the index of a primary key that is not a row number. */
  readonly keyedTable: string
}

export const columnTypes: Record<Engine, ColumnTypes> = {
  sqlite: {
    id: 'integer primary key autoincrement',
    int: 'integer',
    text: 'text',
    flag: column => `${column} integer not null check (${column} in (0, 1))`,
    codeName: column =>
      `length(${column}) <= 100 and ${column} glob '[a-z]*' and ${column} not glob '*[^a-z0-9_.-]*'`,
    table: 'strict',
    keyedTable: 'strict, without rowid',
  },
  postgres: {
    id: 'bigint generated always as identity primary key',
    int: 'bigint',
    text: 'text collate "C"',
    flag: column => `${column} boolean not null`,
    codeName: column => `${column} ~ '^[a-z][a-z0-9_.-]{0,99}$'`,
    table: '',
    keyedTable: '',
  },
}
