import type { Engine } from '../../server/src/store/index.ts'

/** The few places where the two engines write the same rows differently. */
export interface Dialect {
  /** A table `n` with one column `i`, from one number to another, both included. */
  series(from: number, to: number): string
  /** Hexadecimal digits of a number, with zeros in front up to this width. */
  hex(expression: string, width: number): string
  readonly yes: string
  readonly no: string
  /** What follows the last row, so that the house is as one that has been in use. */
  readonly settle: readonly string[]
}

const sqlite: Dialect = {
  series: (from, to) =>
    `(with recursive s (i) as (select ${from} union all select i + 1 from s where i < ${to}) select i from s) as n`,
  hex: (expression, width) => `printf('%0${width}x', ${expression})`,
  yes: '1',
  no: '0',
  // No statistics: nothing gathers any on SQLite, and a planner that had them might choose otherwise.
  settle: ['pragma wal_checkpoint(truncate)'],
}

const postgres: Dialect = {
  series: (from, to) => `generate_series(${from}::bigint, ${to}::bigint) as n (i)`,
  hex: (expression, width) => `lpad(to_hex(${expression}), ${width}, '0')`,
  yes: 'true',
  no: 'false',
  // What autovacuum does in time.
  settle: ['vacuum analyze'],
}

export const dialectOf = (engine: Engine): Dialect => (engine === 'sqlite' ? sqlite : postgres)
