export interface Place {
  readonly row: number
  readonly column: number
}

/** The `data-cell` of a cell: it is found by its place, and its place by it. */
export const cellKey = ({ row, column }: Place): string => `${row}.${column}`

/** The cell that an event happened in. */
export function placeOf(target: EventTarget | null): Place | undefined {
  const key = target instanceof Element ? target.closest<HTMLElement>('[data-cell]')?.dataset.cell : undefined
  if (key === undefined) return undefined
  const [row, column] = key.split('.').map(Number)
  return { row: row!, column: column! }
}
