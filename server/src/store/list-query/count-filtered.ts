import { type RawBuilder, sql } from 'kysely'
import type { RowCount } from '../../kernel/index.ts'
import type { Handle } from '../database.ts'
import { findSelective, type ListFilter } from './paginate-filtered.ts'

/** More than these are not counted: the number says nothing more to a reader. */
const mostCounted = 10_000

/** So many candidates are looked through at the most: some tens of milliseconds, in which SQLite serves no other request. */
const mostLookedThrough = 30_000

/**
 * How many rows match every filter, up to `mostCounted`. Like the pages of a list it never reads a whole large table
 * (ADR 21): where it stops before, it says so, and gives those that it has found.
 */
export async function countFiltered(
  db: Handle,
  { table, id }: { readonly table: 'users' | 'sessions'; readonly id: RawBuilder<unknown> },
  filters: readonly ListFilter[],
): Promise<RowCount> {
  const all = sql`select ${id} as id from ${sql.table(table)}`
  if (filters.length === 0) return await upToMost(db, all)
  const base = (await findSelective(db, filters, mostCounted)) ?? filters[0]!
  const others = filters.filter(filter => filter !== base || !filter.isExact)
  if (others.length === 0) return await upToMost(db, base.candidateIds)

  const isScan = base.estimatedRows !== undefined && base.estimatedRows > mostLookedThrough
  // What the index would collect as a whole stands so dense in the table that its first rows hold enough of them.
  const candidates = isScan ? all : base.candidateIds
  const looked = sql`select * from (${candidates} limit ${mostLookedThrough}) as candidate`
  const matching = others.map(({ predicate }) => predicate)
  const counted = await upToMost(
    db,
    sql`select 1 from ${sql.table(table)} where ${id} in (${looked}) and ${sql.join(matching, sql` and `)}`,
  )
  return { ...counted, isExact: counted.isExact && !(await isLonger(db, candidates, mostLookedThrough)) }
}

async function upToMost(db: Handle, rows: RawBuilder<unknown>): Promise<RowCount> {
  const found = await countUpTo(db, rows, mostCounted + 1)
  return { rows: Math.min(found, mostCounted), isExact: found <= mostCounted }
}

const isLonger = async (db: Handle, rows: RawBuilder<unknown>, length: number): Promise<boolean> =>
  (await countUpTo(db, rows, length + 1)) > length

async function countUpTo(db: Handle, rows: RawBuilder<unknown>, most: number): Promise<number> {
  const { rows: counts } = await sql<{ count: number }>`
    select count(*) as count from (${rows} limit ${most}) as counted`.execute(db)
  return Number(counts[0]!.count)
}
