import type { ListSpec } from '../http/index.ts'
import { message, type Page, type PageRequest, Rejection } from '../kernel/index.ts'

/** What every row of the demo has. */
export interface ShelfRow {
  readonly id: number
}

/** `get`, `replace` and `remove` refuse with `not_found`. */
export interface Shelf<Row extends ShelfRow> {
  get(id: number): Row
  /** Refuses with `conflict` when the shelf is full. */
  add(fields: Omit<Row, 'id'>): Row
  replace(id: number, fields: Omit<Row, 'id'>): Row
  remove(id: number): void
  /** By id. */
  all(): readonly Row[]
  page<Column extends string>(
    spec: ListSpec<Row, Column>,
    request: PageRequest<Column>,
    matches: (row: Row) => boolean,
  ): Page<Row>
}

/** Enough to try roles out, and the memory of the process stays bounded. */
export const shelfLimit = 1_000

/**
 * Rows in the memory of one process: gone when it stops, and not shared with other nodes. Ids are never reused.
 * A real service has its own database in this place.
 */
export function createShelf<Row extends ShelfRow>(initial: readonly Omit<Row, 'id'>[]): Shelf<Row> {
  const rows = new Map<number, Row>()
  let lastId = 0

  const put = (id: number, fields: Omit<Row, 'id'>): Row => {
    const row = { id, ...fields } as Row
    rows.set(id, row)
    return row
  }
  const get = (id: number): Row => {
    const row = rows.get(id)
    if (row === undefined) throw new Rejection('not_found')
    return row
  }
  for (const fields of initial) put(++lastId, fields)

  return {
    get,
    add(fields) {
      if (rows.size >= shelfLimit) {
        throw new Rejection('conflict', { detail: message('demo.full', { limit: shelfLimit }) })
      }
      return put(++lastId, fields)
    },
    replace: (id, fields) => put(get(id).id, fields),
    remove: id => void rows.delete(get(id).id),
    all: () => [...rows.values()],
    page: (spec, request, matches) => pageOf([...rows.values()].filter(matches), spec, request),
  }
}

/** A page by position, with the promises of `paginate` in the store: the id breaks ties, rows never repeat. */
function pageOf<Row, Column extends string>(
  rows: readonly Row[],
  spec: ListSpec<Row, Column>,
  { limit, ordering, cursor }: PageRequest<Column>,
): Page<Row> {
  const sign = ordering.descending ? -1 : 1
  const keyOf = (row: Row): Key => [spec.orderings[ordering.column](row) ?? '', spec.idOf(row)]
  const sorted = rows.toSorted((a, b) => sign * compare(keyOf(a), keyOf(b)))
  if (cursor === undefined) {
    return { rows: sorted.slice(0, limit), hasNext: sorted.length > limit, hasPrevious: false }
  }
  const sideOf = (row: Row) => sign * compare(keyOf(row), [cursor.value ?? '', cursor.id])
  if (cursor.direction === 'before') {
    const before = sorted.filter(row => sideOf(row) < 0)
    return { rows: before.slice(-limit), hasNext: true, hasPrevious: before.length > limit }
  }
  const after = sorted.filter(row => sideOf(row) > 0)
  return { rows: after.slice(0, limit), hasNext: after.length > limit, hasPrevious: true }
}

type Key = readonly [value: string | number, id: number]

const compare = ([value, id]: Key, [otherValue, otherId]: Key): number =>
  value === otherValue ? id - otherId : value < otherValue ? -1 : 1
