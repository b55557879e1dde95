/** Which page of a list is wanted: how many rows, in which order, and from where on. */
export interface PageRequest<Column extends string = string> {
  readonly limit: number
  readonly ordering: { readonly column: Column; readonly descending: boolean }
  /** Where the page starts; undefined for the first one. */
  readonly cursor: PageCursor | undefined
  readonly search: string | undefined
}

/**
 * The row next to the page, as a cursor names it: the ordering column's value and the id. The id breaks ties, so pages
 * stay stable while rows are added.
 */
export interface PageCursor {
  readonly direction: 'after' | 'before'
  readonly value: string | number | null
  readonly id: number
}

/** A row of a list with the value by which the database has put it in its place. */
export type Listed<Row> = Row & { readonly place: PageCursor['value'] }

/** Rows in the order asked for, and whether more exist on either side. */
export interface Page<Row> {
  readonly rows: readonly Row[]
  readonly hasNext: boolean
  readonly hasPrevious: boolean
}

/** How many rows a list has, as far as they were counted. */
export interface RowCount {
  readonly rows: number
  /** False where there are more, or may be. */
  readonly isExact: boolean
}

/** The first rows by id, whatever they are. */
export const firstPage = (limit: number): PageRequest<'id'> => ({
  limit,
  ordering: { column: 'id', descending: false },
  cursor: undefined,
  search: undefined,
})

/**
 * How many rows one transaction of housekeeping changes at the most. SQLite works in the event loop, and each row is a page in
 * most of its indexes: at a hundred the commit, which writes those pages, takes some ten milliseconds (docs/performance.md).
 */
export const rowsPerSweep = 100
