/**
 * The planner of filtered lists (ADR 21). Neither engine can plan them: SQLite keeps no statistics, and PostgreSQL does
 * not know which filters go together. So the plan is found out by bounded reads. No plan reads a whole large table.
 *
 * Worked example: GET /users/?search=ann&is_active=true&ordering=email&limit=50, one million accounts, and a cursor behind
 * the account 7, bob@example.com.
 *
 * The filters. Each is a predicate and a query for candidate ids:
 *   search     users.search_text like '%ann%'   select rowid from users_search where users_search match '"ann"'
 *   is_active  (select is_active) = true        select id from users where is_active = true
 *
 * Step 1, selectivity. The scan limit is 50 * 100 = 5,000 rows. Each filter is counted up to it:
 *   select count(*) from (select rowid from users_search where … limit 5001)
 *
 * Plan A, from candidates: a filter gives at most 5,000 ids, say 300. They are read, checked and sorted:
 *   select … from users where id in (select rowid from users_search …) and search_text like '%ann%'
 *     and (select is_active) = true and ((select email), (select id)) > ('bob@example.com', 7)
 *     order by (select email), (select id) limit 51
 *
 * Plan B, index scan: every filter gives more, say 40,000 and 900,000 ids. The list is scanned in its own order, up to the
 * row that stands 5,000 behind the cursor, say carl@example.com, 9123. Its keyset ranges are read until the page is full:
 *   … where search_text like '%ann%' and … and email = 'bob@example.com' and id > 7 order by id limit 51
 *   … where … and email > 'bob@example.com' and email < 'carl@example.com' order by email, id limit 51
 *   … where … and email = 'carl@example.com' and id <= 9123 order by id limit 51
 *
 * Plan C: these 5,000 rows did not fill the page, because the matches stand together far away. Then plan A runs with
 * the most selective filters, whatever their size: here the 40,000 of the search.
 */
import { type RawBuilder, type SelectQueryBuilder, sql } from 'kysely'
import type { Page } from '../../kernel/index.ts'
import type { Handle } from '../database.ts'
import { type OrderKeys, type PageBounds, paginate, positionAt } from './paginate.ts'

/** One filter of a list as SQL. */
export interface ListFilter {
  /** Checks one row. INVARIANT: its columns are hidden by `hideFromIndex`, or an engine scans their index and sorts. */
  readonly predicate: RawBuilder<boolean>
  /** A query for the ids of all rows that match, from an index. It may give others too. */
  readonly candidateIds: RawBuilder<unknown>
  /** True where `candidateIds` gives no others, so that the predicate need not be checked. */
  readonly isExact: boolean
  /** The number of candidates, where the engine cannot count up to a bound without reading them all. */
  readonly estimatedRows?: number
}

/** The list without filters, and the page of it that is asked for. */
interface FilteredList<DB, TB extends keyof DB, Row, ScanDB, ScanTB extends keyof ScanDB> {
  readonly query: SelectQueryBuilder<DB, TB, Row>
  readonly keys: OrderKeys
  readonly page: PageBounds
  /** A query that scans the index of this one filter in the order of the list, if there is one. Saves the sort of plan A. */
  readonly indexScan?: (
    filter: ListFilter,
  ) => { readonly query: SelectQueryBuilder<ScanDB, ScanTB, Row>; readonly keys: OrderKeys } | undefined
}

/** So many rows can be read, or sorted, for each row of the page without a caller noticing. */
const scannedPerRow = 100

/** The value as a scalar subquery, for which neither engine uses an index. SQLite's own idiom, unary +, is unknown to PostgreSQL. */
export const hideFromIndex = <Value>(value: RawBuilder<Value>): RawBuilder<Value> =>
  sql<Value>`(select ${value})`

/** One page of the rows that match every filter, by the cheapest of the three plans. */
export async function paginateFiltered<DB, TB extends keyof DB, Row, ScanDB, ScanTB extends keyof ScanDB>(
  db: Handle,
  filters: readonly ListFilter[],
  list: FilteredList<DB, TB, Row, ScanDB, ScanTB>,
): Promise<Page<Row>> {
  const { query, keys, page } = list
  if (filters.length === 0) return await paginate(query, keys, page)
  const scanLimit = page.limit * scannedPerRow
  const selective = await findSelective(db, filters, scanLimit)
  if (selective !== undefined) return await fromCandidates([selective], filters, list)
  const end = await positionAt(query, keys, page, scanLimit)
  const scanned = await paginate(withPredicates(filters, query), keys, page, end)
  if (end === undefined || isFull(scanned, page)) return scanned
  return await fromCandidates(await findMostSelective(db, filters, scanLimit), filters, list)
}

const isFull = (found: Page<unknown>, { cursor }: PageBounds): boolean =>
  cursor?.direction === 'before' ? found.hasPrevious : found.hasNext

const withPredicates = <DB, TB extends keyof DB, Row>(
  filters: readonly ListFilter[],
  query: SelectQueryBuilder<DB, TB, Row>,
): SelectQueryBuilder<DB, TB, Row> => filters.reduce((rows, { predicate }) => rows.where(predicate), query)

/** The first filter with at most so many candidates. */
export async function findSelective(
  db: Handle,
  filters: readonly ListFilter[],
  maxRows: number,
): Promise<ListFilter | undefined> {
  for (const filter of filters) if (await isSelective(db, filter, maxRows)) return filter
  return undefined
}

async function isSelective(
  db: Handle,
  { candidateIds, estimatedRows }: ListFilter,
  maxRows: number,
): Promise<boolean> {
  if (estimatedRows !== undefined) return estimatedRows <= maxRows
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from (${candidateIds} limit ${maxRows + 1}) as found`.execute(db)
  return Number(rows[0]!.count) <= maxRows
}

/**
 * The filter with the fewest candidates, and those with at most sixteen times as many, which narrow it further. The bound
 * grows fourfold, so the search costs a few counts of the smallest set and never a count of the largest.
 */
async function findMostSelective(
  db: Handle,
  filters: readonly ListFilter[],
  counted: number,
): Promise<readonly ListFilter[]> {
  if (filters.length === 1) return filters
  for (let maxRows = counted * 4; ; maxRows *= 4) {
    if ((await findSelective(db, filters, maxRows)) === undefined) continue
    const selective: ListFilter[] = []
    for (const filter of filters) if (await isSelective(db, filter, maxRows * 4)) selective.push(filter)
    return selective
  }
}

/** The page from the rows that are candidates of all `selective` filters: sorted, or in the order of a filter's index. */
async function fromCandidates<DB, TB extends keyof DB, Row, ScanDB, ScanTB extends keyof ScanDB>(
  selective: readonly ListFilter[],
  filters: readonly ListFilter[],
  { query, keys, page, indexScan }: FilteredList<DB, TB, Row, ScanDB, ScanTB>,
): Promise<Page<Row>> {
  const unproven = filters.filter(filter => !(filter.isExact && selective.includes(filter)))
  const scan = selective.length === 1 ? indexScan?.(selective[0]!) : undefined
  if (scan !== undefined) return await paginate(withPredicates(unproven, scan.query), scan.keys, page)
  const id = hideFromIndex(keys.id)
  const sortKeys = {
    value: keys.value === keys.id ? id : hideFromIndex(keys.value),
    id,
    hasNoIndex: true,
  }
  const lists = selective.map(({ candidateIds }) => sql`select * from (${candidateIds}) as found`)
  const found = query.where(sql<boolean>`${keys.id} in (${sql.join(lists, sql` intersect `)})`)
  return await paginate(withPredicates(unproven, found), sortKeys, page)
}
