import { type RawBuilder, type SelectQueryBuilder, sql } from 'kysely'
import type { Page, PageRequest } from '../kernel/index.ts'

/** The two expressions that a list is ordered by. `value` is never null: wrap a nullable column in COALESCE. */
interface OrderKeys {
  readonly value: RawBuilder<unknown>
  readonly id: RawBuilder<unknown>
}

/**
 * One page by keyset: it starts at a position, not at a count, so rows added meanwhile neither shift nor
 * repeat anything. The query must hold no ORDER BY and no LIMIT of its own.
 */
export async function paginate<DB, TB extends keyof DB, Row>(
  query: SelectQueryBuilder<DB, TB, Row>,
  keys: OrderKeys,
  { limit, ordering, edge }: Pick<PageRequest, 'limit' | 'ordering' | 'edge'>,
): Promise<Page<Row>> {
  const backwards = edge?.direction === 'before'
  const descending = ordering.descending !== backwards
  const beyond = descending ? sql`<` : sql`>`
  const rows = await query
    .$if(edge !== undefined, q =>
      q.where(sql<boolean>`(${keys.value}, ${keys.id}) ${beyond} (${edge!.value}, ${edge!.id})`),
    )
    .orderBy(keys.value, descending ? 'desc' : 'asc')
    .orderBy(keys.id, descending ? 'desc' : 'asc')
    // One row more than asked for tells whether another page follows.
    .limit(limit + 1)
    .execute()
  const more = rows.length > limit
  const kept = more ? rows.slice(0, limit) : rows
  return backwards
    ? { rows: kept.reverse(), hasNext: true, hasPrevious: more }
    : { rows: kept, hasNext: more, hasPrevious: edge !== undefined }
}

/** A LIKE pattern that finds the text anywhere, with LIKE's own signs taken literally. For columns in lower case. */
export const containing = (column: RawBuilder<unknown>, searched: string): RawBuilder<boolean> => {
  const literal = searched.toLowerCase().replace(/[\\%_]/g, sign => `\\${sign}`)
  return sql<boolean>`${column} like ${`%${literal}%`} escape '\\'`
}
