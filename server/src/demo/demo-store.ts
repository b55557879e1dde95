import type { ListSpec } from '../http/index.ts'
import { message, type Page, type PageRequest, Rejection } from '../kernel/index.ts'

interface DemoRow {
  readonly id: number
}

/** Enough to try roles out, and the memory of the process stays bounded. */
export const maxDemoRows = 1_000

/**
 * Rows in the memory of one process: gone when it stops, and not shared with other nodes. Ids are never reused.
 * A real service has its own database in this place. `get`, `replace` and `remove` reject with `not_found`.
 */
export class DemoStore<Row extends DemoRow> {
  readonly #rows = new Map<number, Row>()
  #lastId = 0

  constructor(initial: readonly Omit<Row, 'id'>[]) {
    for (const fields of initial) this.#put(++this.#lastId, fields)
  }

  get(id: number): Row {
    const row = this.#rows.get(id)
    if (row === undefined) throw new Rejection('not_found')
    return row
  }

  /** Rejects with `conflict` when there are as many rows as may be. */
  add(fields: Omit<Row, 'id'>): Row {
    if (this.#rows.size >= maxDemoRows) {
      throw new Rejection('conflict', { detail: message('demo.full', { limit: maxDemoRows }) })
    }
    return this.#put(++this.#lastId, fields)
  }

  replace(id: number, fields: Omit<Row, 'id'>): Row {
    return this.#put(this.get(id).id, fields)
  }

  remove(id: number): void {
    this.#rows.delete(this.get(id).id)
  }

  /** By id. */
  all(): readonly Row[] {
    return [...this.#rows.values()]
  }

  page<Column extends string>(
    spec: ListSpec<Row, Column>,
    request: PageRequest<Column>,
    matches: (row: Row) => boolean,
  ): Page<Row> {
    return pageOf(this.all().filter(matches), spec, request)
  }

  #put(id: number, fields: Omit<Row, 'id'>): Row {
    const row = { id, ...fields } as Row
    this.#rows.set(id, row)
    return row
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
