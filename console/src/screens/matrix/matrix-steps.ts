import type { MatrixRow } from './matrix-rows.ts'
import type { Place } from './use-painting.ts'

type Step = (place: Place, rows: readonly MatrixRow[], columns: number) => Place | undefined

/** The next line of permissions in this direction: headings are passed over. */
const vertical =
  (by: 1 | -1): Step =>
  ({ row, column }, rows) => {
    for (let to = row + by; to >= 0 && to < rows.length; to += by) {
      if (rows[to]!.kind === 'permission') return { row: to, column }
    }
    return undefined
  }

const horizontal =
  (by: 1 | -1): Step =>
  ({ row, column }, _rows, columns) =>
    column + by < 0 || column + by >= columns ? undefined : { row, column: column + by }

/** Where each key leads in the grid (WAI-ARIA: grid). */
export const steps: Readonly<Record<string, Step>> = {
  ArrowDown: vertical(1),
  ArrowUp: vertical(-1),
  ArrowRight: horizontal(1),
  ArrowLeft: horizontal(-1),
  Home: ({ row }) => ({ row, column: 0 }),
  End: ({ row }, _rows, columns) => ({ row, column: columns - 1 }),
}
