import { type RawBuilder, type SelectQueryBuilder, sql } from 'kysely'
import type { Page, PageRequest } from '../../kernel/index.ts'
import type { Handle } from '../database.ts'
import { engineOf } from '../engine.ts'

/**
 * The two expressions that a list is ordered by, and the same one twice where the id alone orders it. `value` is never
 * null: wrap a nullable column in COALESCE.
 */
export interface OrderKeys {
  readonly value: RawBuilder<unknown>
  readonly id: RawBuilder<unknown>
  /** True where no index has them, and the engine sorts anyway. */
  readonly hasNoIndex?: boolean
}

/** The order keys of one row: the bound of a keyset. */
export interface Position {
  readonly value: unknown
  readonly id: number
}

/** The part of a `PageRequest` that is left when filters and search have become SQL. */
export interface PageBounds extends Pick<PageRequest, 'limit' | 'ordering'> {
  readonly cursor: (Position & { readonly direction: 'after' | 'before' }) | undefined
}

/** A cursor holds 0 and 1 for flags, as SQLite does. PostgreSQL compares a flag only with a flag. */
export function pageBounds(
  db: Handle,
  { limit, ordering, cursor }: PageRequest,
  isFlagColumn: boolean,
): PageBounds {
  const needsFlag = isFlagColumn && engineOf(db) === 'postgres'
  return {
    limit,
    ordering,
    cursor: cursor && needsFlag ? { ...cursor, value: Boolean(cursor.value) } : cursor,
  }
}

/**
 * One page by keyset (ADR 7): it starts at a position, not at a count, so rows added meanwhile neither shift nor
 * repeat anything. The query must hold no ORDER BY and no LIMIT of its own. No row beyond `end` is read, if that is given.
 */
export async function paginate<DB, TB extends keyof DB, Row>(
  query: SelectQueryBuilder<DB, TB, Row>,
  keys: OrderKeys,
  page: PageBounds,
  end?: Position,
): Promise<Page<Row>> {
  // One row more than asked for says that another page follows.
  const most = page.limit + 1
  const rows: Row[] = []
  for (const range of rangeQueries(query, keys, page, end)) {
    rows.push(...(await range.limit(most - rows.length).execute()))
    if (rows.length === most) break
  }
  return pageOf(rows, page)
}

/** The page that begins with these rows, in the direction in which it is read; one row more than it holds, if there is one. */
export function pageOf<Row>(rows: readonly Row[], { limit, cursor }: PageBounds): Page<Row> {
  const more = rows.length > limit
  const shown = rows.slice(0, limit)
  return cursor?.direction === 'before'
    ? { rows: shown.reverse(), hasNext: true, hasPrevious: more }
    : { rows: shown, hasNext: more, hasPrevious: cursor !== undefined }
}

/** True where the rows are read from the last to the first. */
export const readsDescending = ({ ordering, cursor }: Pick<PageBounds, 'ordering' | 'cursor'>): boolean =>
  ordering.descending !== (cursor?.direction === 'before')

/** The position of the row that stands so many rows behind the cursor; undefined when the list ends before. */
export async function positionAt<DB, TB extends keyof DB, Row>(
  query: SelectQueryBuilder<DB, TB, Row>,
  keys: OrderKeys,
  page: PageBounds,
  offset: number,
): Promise<Position | undefined> {
  const positions = query.clearSelect().select([keys.value.as('value'), keys.id.as('id')])
  let left = offset
  for (const range of rangeQueries(positions, keys, page, undefined)) {
    const position = await range.limit(1).offset(left).executeTakeFirst()
    if (position !== undefined) return position as Position
    const passed = await range.limit(left).execute()
    left -= passed.length
  }
  return undefined
}

/** One query for each keyset range. Their rows, one after the other, are the list from the cursor on. */
function rangeQueries<DB, TB extends keyof DB, Row>(
  query: SelectQueryBuilder<DB, TB, Row>,
  keys: OrderKeys,
  page: PageBounds,
  end: Position | undefined,
): SelectQueryBuilder<DB, TB, Row>[] {
  const descending = readsDescending(page)
  const direction = descending ? 'desc' : 'asc'
  return keysetRanges(keys, descending, page.cursor, end).map(({ where, isSingleValue }) =>
    query
      .$if(where !== undefined, q => q.where(where!))
      // SQLite would sort by an expression even where all have the same value.
      .$if(!isSingleValue, q => q.orderBy(keys.value, direction))
      .orderBy(keys.id, direction),
  )
}

/** A part of the list that one scan of the index gives in order: by value and id, or by id where all rows have one value. */
interface KeysetRange {
  readonly where: RawBuilder<boolean> | undefined
  readonly isSingleValue: boolean
}

/**
 * The rows behind `start`, up to `end` and including it, as ranges that follow one another. Both engines find each in an
 * index on value and id: equal values first, then the further ones. One comparison of pairs would say the same, but
 * SQLite uses only its first half for the index, and nothing of it if the value is an expression (ADR 21).
 */
function keysetRanges(
  { value, id, hasNoIndex = false }: OrderKeys,
  descending: boolean,
  start: Position | undefined,
  end: Position | undefined,
): readonly KeysetRange[] {
  const [beyond, before] = descending ? [sql`<`, sql`>`] : [sql`>`, sql`<`]
  const behindId = start && sql<boolean>`${id} ${beyond} ${start.id}`
  const upToId = end && sql<boolean>`${id} ${before}= ${end.id}`
  const singleValue = (shared: unknown, ...ids: OptionalPredicates): KeysetRange => ({
    where: allOf(sql<boolean>`${value} = ${shared}`, ...ids),
    isSingleValue: true,
  })
  if (value === id) return [{ where: allOf(behindId, upToId), isSingleValue: true }]
  if (hasNoIndex) {
    const pair = sql`(${value}, ${id})`
    return [
      {
        where: allOf(
          start && sql<boolean>`${pair} ${beyond} (${start.value}, ${start.id})`,
          end && sql<boolean>`${pair} ${before}= (${end.value}, ${end.id})`,
        ),
        isSingleValue: false,
      },
    ]
  }
  if (start !== undefined && start.value === end?.value) return [singleValue(start.value, behindId, upToId)]
  const between = allOf(
    start && sql<boolean>`${value} ${beyond} ${start.value}`,
    end && sql<boolean>`${value} ${before} ${end.value}`,
  )
  return [
    ...(start === undefined ? [] : [singleValue(start.value, behindId)]),
    { where: between, isSingleValue: false },
    ...(end === undefined ? [] : [singleValue(end.value, upToId)]),
  ]
}

type OptionalPredicates = readonly (RawBuilder<boolean> | undefined)[]

function allOf(...predicates: OptionalPredicates): RawBuilder<boolean> | undefined {
  const present = predicates.filter(predicate => predicate !== undefined)
  return present.length === 0 ? undefined : sql<boolean>`${sql.join(present, sql` and `)}`
}
