import { setImmediate as nextTurn } from 'node:timers/promises'
import {
  invalidField,
  message,
  type Page,
  type PageCursor,
  type PageRequest,
  type RowCount,
  SignedTexts,
} from '../kernel/index.ts'
import { type Schema, Type } from './schema.ts'
import { basePathOf } from './target.ts'

type EdgeValue = PageCursor['value']

/** A list of the API: where it stands, what it can be ordered by, and where in a row each ordering's value is. */
export interface ListSpec<Row, Column extends string> {
  /** The full path, as `next` and `previous` show it after the path of the public URL. */
  readonly path: string
  readonly orderings: Readonly<Record<Column, (row: Row) => EdgeValue>>
  readonly defaultOrdering: Column | `-${Column}`
  readonly idOf: (row: Row) => number
}

/** The query parameters that every list takes; a list adds its own filters beside them. */
export const listParameters = {
  limit: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 200, default: 50, description: 'How many rows one page holds.' }),
  ),
  cursor: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 2000,
      description: 'Where the page starts: taken from `next` or `previous` of another page of the same list.',
    }),
  ),
  ordering: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 50,
      description:
        'A column of the row, with `-` before it for descending. Names of people, roles, resources and actions are ordered without regard to case and marks, Latin before Cyrillic.',
    }),
  ),
}

/** Beside `listParameters`, where a list can say how long it is. */
export const countParameter = Type.Optional(
  Type.Boolean({ description: 'Whether the answer also says how many rows the list has: `count`.' }),
)

const CountBody = Type.Object(
  {
    rows: Type.Integer({ minimum: 0, description: 'Rows that fit filters and search; at most 10,000.' }),
    is_exact: Type.Boolean({ description: 'False where there are more than `rows`, or may be.' }),
  },
  { $id: 'RowCount' },
)

export const toCountBody = ({ rows, isExact }: RowCount) => ({ rows, is_exact: isExact })

export const searchParameter = Type.Optional(
  Type.String({ maxLength: 150, description: 'Parts of a name or address, in any case.' }),
)

type ListQuery = Readonly<Record<string, string | number | boolean | undefined>> & {
  readonly limit?: number
  readonly cursor?: string
  readonly count?: boolean
  readonly ordering?: string
  readonly search?: string
}

/** The answer of a list of such rows, for the documents. */
export const pageSchema = <Row extends Schema>(row: Row, $id: string) =>
  Type.Object(
    {
      next: Type.Union([Type.String(), Type.Null()], { description: 'Path and query of the next page.' }),
      previous: Type.Union([Type.String(), Type.Null()], {
        description: 'Path and query of the previous page.',
      }),
      results: Type.Array(row),
    },
    { $id },
  )

/** The same of a list that takes `count`. */
export const countedPageSchema = <Row extends Schema>(row: Row, $id: string) =>
  Type.Object({ ...pageSchema(row, $id).properties, count: Type.Optional(CountBody) }, { $id })

export interface PageBody<Body> {
  next: string | null
  previous: string | null
  results: Body[]
}

export interface Pager {
  /** Refuses with 400 an ordering that the list does not have and a cursor that this list did not give out. */
  read<Row, Column extends string>(spec: ListSpec<Row, Column>, query: ListQuery): PageRequest<Column>
  answer<Row, Column extends string, Body>(
    spec: ListSpec<Row, Column>,
    query: ListQuery,
    page: Page<Row>,
    toBody: (row: Row) => Body,
  ): PageBody<Body>
}

/** The position of a row in a list that is ordered by this column. */
const positionOf = <Row, Column extends string>(spec: ListSpec<Row, Column>, column: Column, row: Row) => ({
  value: spec.orderings[column](row),
  id: spec.idOf(row),
})

/**
 * Cursors are signed (ADR 7): a cursor was given out by this server for this list with these filters, or the request is refused
 * with a 400 before any SQL.
 */
export function createPager(secret: Uint8Array, publicUrl: string): Pager {
  const basePath = basePathOf(publicUrl)
  const cursors = new SignedTexts(secret)

  const encode = (pageCursor: PageCursor, context: string) =>
    cursors.sign(JSON.stringify([pageCursor.direction, pageCursor.value, pageCursor.id]), context)

  const open = (cursor: string, context: string): PageCursor => {
    const position = cursors.read(cursor, context)
    if (position === undefined) throw invalidField('cursor', message('list.cursor'))
    const [direction, value, id] = JSON.parse(position) as [PageCursor['direction'], EdgeValue, number]
    return { direction, value, id }
  }

  return {
    read(spec, query) {
      const ordering = readOrdering(spec, query.ordering)
      return {
        limit: query.limit ?? 50,
        ordering,
        cursor: query.cursor === undefined ? undefined : open(query.cursor, contextOf(spec, query)),
        search: query.search?.trim() || undefined,
      }
    },
    answer(spec, query, page, toBody) {
      const { column } = readOrdering(spec, query.ordering)
      const linkFrom = (
        direction: PageCursor['direction'],
        row: Parameters<typeof spec.idOf>[0] | undefined,
      ) => {
        // A page past either end has no row to start from; the other direction starts over at the first page.
        const { cursor: _, count: __, ...rest } = query
        const parameters = new URLSearchParams()
        for (const [name, value] of Object.entries(rest)) {
          if (value !== undefined) parameters.set(name, String(value))
        }
        if (row !== undefined) {
          const pageCursor: PageCursor = { direction, ...positionOf(spec, column, row) }
          parameters.set('cursor', encode(pageCursor, contextOf(spec, query)))
        }
        const search = parameters.toString()
        const path = basePath + spec.path
        return search === '' ? path : `${path}?${search}`
      }
      return {
        next: page.hasNext ? linkFrom('after', page.rows.at(-1)) : null,
        previous: page.hasPrevious ? linkFrom('before', page.rows[0]) : null,
        results: page.rows.map(toBody),
      }
    },
  }
}

/** Long enough that a query costs little beside its rows, short enough that requests wait for milliseconds only. */
const rowsPerWalkedPage = 500

/**
 * The whole list from where the request begins, page after page, each read when it is asked for: memory does not grow
 * with the list, and others are served between two pages, as SQLite reads at once and never waits.
 */
export async function* walkList<Row, Column extends string>(
  spec: ListSpec<Row, Column>,
  request: PageRequest<Column>,
  readPage: (request: PageRequest<Column>) => Promise<Page<Row>>,
): AsyncGenerator<readonly Row[]> {
  let { cursor: pageCursor } = request
  for (;;) {
    const { rows, hasNext } = await readPage({ ...request, cursor: pageCursor, limit: rowsPerWalkedPage })
    yield rows
    const last = rows.at(-1)
    if (!hasNext || last === undefined) return
    pageCursor = { direction: 'after', ...positionOf(spec, request.ordering.column, last) }
    await nextTurn()
  }
}

function readOrdering<Row, Column extends string>(
  spec: ListSpec<Row, Column>,
  presented: string | undefined,
) {
  const text = presented ?? spec.defaultOrdering
  const descending = text.startsWith('-')
  const column = descending ? text.slice(1) : text
  if (!Object.hasOwn(spec.orderings, column)) {
    const allowed = Object.keys(spec.orderings).join(', ')
    throw invalidField('ordering', message('list.ordering', { allowed }))
  }
  return { column: column as Column, descending }
}

/** What a cursor belongs to: the list, its order and its filters. What else is asked of a page may change on the way. */
function contextOf<Row, Column extends string>(spec: ListSpec<Row, Column>, query: ListQuery): string {
  const { limit: _, cursor: __, count: ___, ...filters } = query
  return JSON.stringify([spec.path, spec.defaultOrdering, Object.entries(filters).sort()])
}
