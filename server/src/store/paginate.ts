import { type RawBuilder, type SelectQueryBuilder, sql } from 'kysely'
import type { Page, PageRequest } from '../kernel/index.ts'
import { type OrderKeys, type Position, runsBetween } from './order-keys.ts'

/** Which page: `PageRequest` without what its query has been told already. */
export interface PageBounds extends Pick<PageRequest, 'limit' | 'ordering'> {
  readonly edge: (Position & { readonly direction: 'after' | 'before' }) | undefined
}

/**
 * One page by keyset: it starts at a position, not at a count, so rows added meanwhile neither shift nor
 * repeat anything. The query must hold no ORDER BY and no LIMIT of its own. No row beyond `end` is read, if that is given.
 */
export async function paginate<DB, TB extends keyof DB, Row>(
  query: SelectQueryBuilder<DB, TB, Row>,
  keys: OrderKeys,
  page: PageBounds,
  end?: Position,
): Promise<Page<Row>> {
  // One row more than asked for tells whether another page follows.
  return pageOf(await readInOrder(query, keys, page, page.limit + 1, end), page)
}

/** The page that begins with these rows, in the direction in which it is read; one row more than it holds, if there is one. */
export function pageOf<Row>(rows: readonly Row[], { limit, edge }: PageBounds): Page<Row> {
  const more = rows.length > limit
  const kept = rows.slice(0, limit)
  return edge?.direction === 'before'
    ? { rows: kept.reverse(), hasNext: true, hasPrevious: more }
    : { rows: kept, hasNext: more, hasPrevious: edge !== undefined }
}

/** Whether rows are read from the last to the first. */
export const readsDownwards = ({ ordering, edge }: Pick<PageBounds, 'ordering' | 'edge'>): boolean =>
  ordering.descending !== (edge?.direction === 'before')

/** The first rows from the edge on, in the direction in which the page is read: backwards where it ends at its edge. */
async function readInOrder<DB, TB extends keyof DB, Row>(
  query: SelectQueryBuilder<DB, TB, Row>,
  keys: OrderKeys,
  page: PageBounds,
  most: number,
  end: Position | undefined,
): Promise<Row[]> {
  const rows: Row[] = []
  for (const run of runsOf(query, keys, page, end)) {
    rows.push(...(await run.limit(most - rows.length).execute()))
    if (rows.length === most) break
  }
  return rows
}

/** The place of the row that stands so many rows from the edge on; undefined when the list ends before. */
export async function positionAt<DB, TB extends keyof DB, Row>(
  query: SelectQueryBuilder<DB, TB, Row>,
  keys: OrderKeys,
  page: PageBounds,
  distance: number,
): Promise<Position | undefined> {
  const places = query.clearSelect().select([keys.value.as('value'), keys.id.as('id')])
  let left = distance
  for (const run of runsOf(places, keys, page, undefined)) {
    const place = await run.limit(1).offset(left).executeTakeFirst()
    if (place !== undefined) return place as Position
    const passed = await run.limit(left).execute()
    left -= passed.length
  }
  return undefined
}

function runsOf<DB, TB extends keyof DB, Row>(
  query: SelectQueryBuilder<DB, TB, Row>,
  keys: OrderKeys,
  page: PageBounds,
  end: Position | undefined,
): SelectQueryBuilder<DB, TB, Row>[] {
  const descending = readsDownwards(page)
  const direction = descending ? 'desc' : 'asc'
  return runsBetween(keys, descending, page.edge, end).map(({ where, isOfOneValue }) =>
    query
      .$if(where !== undefined, q => q.where(where!))
      // SQLite would sort by an expression even where all have the same value.
      .$if(!isOfOneValue, q => q.orderBy(keys.value, direction))
      .orderBy(keys.id, direction),
  )
}

/** A LIKE pattern that finds the text anywhere, with LIKE's own signs taken literally. For columns in lower case. */
export const containing = (column: RawBuilder<unknown>, searched: string): RawBuilder<boolean> => {
  const literal = searched.toLowerCase().replace(/[\\%_]/g, sign => `\\${sign}`)
  return sql<boolean>`${column} like ${`%${literal}%`} escape '\\'`
}
