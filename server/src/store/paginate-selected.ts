import { type RawBuilder, type SelectQueryBuilder, sql } from 'kysely'
import type { Page } from '../kernel/index.ts'
import type { Handle } from './database.ts'
import type { OrderKeys } from './order-keys.ts'
import { type PageBounds, paginate, positionAt } from './paginate.ts'

/** What the rows of a list must meet, beside the order that they are wanted in. */
export interface Condition {
  /** Judges a row. INVARIANT: written so that the planner starts from no index for it (`unindexed`). */
  readonly holds: RawBuilder<boolean>
  /** A query for the ids of all rows that meet it, others perhaps among them, taken from an index. */
  readonly ids: RawBuilder<unknown>
  /** Whether no others are among them. */
  readonly isExact: boolean
  /** How many these may be, where they cannot be counted up to a bound in the time that so many take. */
  readonly estimate?: number
}

/** The list without conditions, and which page of it. */
export interface SelectedList<DB, TB extends keyof DB, Row, SortedDB, SortedTB extends keyof SortedDB> {
  readonly query: SelectQueryBuilder<DB, TB, Row>
  readonly keys: OrderKeys
  readonly page: PageBounds
  /** A query for the rows that meet this condition, which gives them in the order of the list without sorting; if there is one. */
  readonly sorted?: (
    condition: Condition,
  ) => { readonly query: SelectQueryBuilder<SortedDB, SortedTB, Row>; readonly keys: OrderKeys } | undefined
}

/** So many rows for each that is wanted are read, or sorted, in a moment. */
const perRow = 100

/** The value alone, from which neither engine knows that an index has it. */
export const unindexed = <Value>(value: RawBuilder<Value>): RawBuilder<Value> => sql<Value>`(select ${value})`

/**
 * One page of the rows that meet every condition, without reading all that meet one of them or are in the list. Neither
 * engine foresees how many that is (one keeps no statistics, the other none of what goes together), so it is found
 * out: where few rows meet a condition, they are taken and sorted; where many do, the list is read in its order, which
 * soon fills the page; and where a stretch of it did not, because the rows are rare together or stand far off, all that
 * meet the rarest condition are sorted.
 */
export async function paginateSelected<
  DB,
  TB extends keyof DB,
  Row,
  SortedDB,
  SortedTB extends keyof SortedDB,
>(
  db: Handle,
  conditions: readonly Condition[],
  list: SelectedList<DB, TB, Row, SortedDB, SortedTB>,
): Promise<Page<Row>> {
  const { query, keys, page } = list
  if (conditions.length === 0) return await paginate(query, keys, page)
  const stretch = page.limit * perRow
  const few = await findMetBy(db, conditions, stretch)
  if (few !== undefined) return await among([few], conditions, list)
  const end = await positionAt(query, keys, page, stretch)
  const read = await paginate(meeting(conditions, query), keys, page, end)
  if (end === undefined || isFull(read, page)) return read
  return await among(await findRarest(db, conditions, stretch), conditions, list)
}

const meeting = <DB, TB extends keyof DB, Row>(
  conditions: readonly Condition[],
  query: SelectQueryBuilder<DB, TB, Row>,
): SelectQueryBuilder<DB, TB, Row> => conditions.reduce((rows, { holds }) => rows.where(holds), query)

/** The first condition that no more than so many rows meet. */
async function findMetBy(
  db: Handle,
  conditions: readonly Condition[],
  most: number,
): Promise<Condition | undefined> {
  for (const condition of conditions) if (await isMetBy(db, condition, most)) return condition
  return undefined
}

async function isMetBy(db: Handle, { ids, estimate }: Condition, most: number): Promise<boolean> {
  if (estimate !== undefined) return estimate <= most
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from (${ids} limit ${most + 1}) as found`.execute(db)
  return Number(rows[0]!.count) <= most
}

/**
 * The conditions that fewest rows meet. Counted further and further, so that it takes no longer than to count the rarest
 * a few times; what not many more meet narrows it further.
 */
async function findRarest(
  db: Handle,
  conditions: readonly Condition[],
  counted: number,
): Promise<readonly Condition[]> {
  if (conditions.length === 1) return conditions
  for (let most = counted * 4; ; most *= 4) {
    if ((await findMetBy(db, conditions, most)) === undefined) continue
    const rare: Condition[] = []
    for (const condition of conditions) if (await isMetBy(db, condition, most * 4)) rare.push(condition)
    return rare
  }
}

const isFull = (found: Page<unknown>, { edge }: PageBounds): boolean =>
  edge?.direction === 'before' ? found.hasPrevious : found.hasNext

/** The page, from the rows that meet these of the conditions. */
async function among<DB, TB extends keyof DB, Row, SortedDB, SortedTB extends keyof SortedDB>(
  rare: readonly Condition[],
  conditions: readonly Condition[],
  { query, keys, page, sorted }: SelectedList<DB, TB, Row, SortedDB, SortedTB>,
): Promise<Page<Row>> {
  const judged = conditions.filter(condition => !(condition.isExact && rare.includes(condition)))
  const inOrder = rare.length === 1 ? sorted?.(rare[0]!) : undefined
  if (inOrder !== undefined) return await paginate(meeting(judged, inOrder.query), inOrder.keys, page)
  const id = unindexed(keys.id)
  const hidden = { value: keys.value === keys.id ? id : unindexed(keys.value), id, isSorted: true }
  const lists = rare.map(({ ids }) => sql`select * from (${ids}) as found`)
  const found = query.where(sql<boolean>`${keys.id} in (${sql.join(lists, sql` intersect `)})`)
  return await paginate(meeting(judged, found), hidden, page)
}
