/** One page of a list. `after` is the position of the last row already seen, decoded from the cursor. */
export interface PageRequest<Column extends string = string> {
  readonly limit: number
  readonly ordering: { readonly column: Column; readonly descending: boolean }
  /** The ordering column's value and the id of the row at the edge; the id breaks ties, so pages stay stable while rows are added. */
  readonly edge: PageEdge | undefined
  readonly search: string | undefined
}

export interface PageEdge {
  readonly direction: 'after' | 'before'
  readonly value: string | number | null
  readonly id: number
}

/** Rows in the order asked for, and whether more exist on either side. */
export interface Page<Row> {
  readonly rows: readonly Row[]
  readonly hasNext: boolean
  readonly hasPrevious: boolean
}

/** The first rows by id, whatever they are. */
export const firstPage = (limit: number): PageRequest<'id'> => ({
  limit,
  ordering: { column: 'id', descending: false },
  edge: undefined,
  search: undefined,
})
