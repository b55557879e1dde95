export interface Place {
  readonly row: number
  readonly column: number
}

/** How a cell is marked, so that it is found by its place and its place by it. */
export const cellMark = ({ row, column }: Place): string => `${row}.${column}`

/** The cell that an event happened in. */
export function placeOf(target: EventTarget | null): Place | undefined {
  const mark =
    target instanceof Element ? target.closest<HTMLElement>('[data-cell]')?.dataset.cell : undefined
  if (mark === undefined) return undefined
  const [row, column] = mark.split('.').map(Number)
  return { row: row!, column: column! }
}
