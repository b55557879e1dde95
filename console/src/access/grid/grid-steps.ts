import type { Place } from './place.ts'

export interface GridShape {
  readonly rows: number
  readonly columns: number
  /** Rows without cells, such as headings, are passed over. */
  hasCells(row: number): boolean
}

type Step = (place: Place, shape: GridShape) => Place | undefined

/** A screenful, as near as a grid of any height needs it. */
const pageRows = 10

/** The next row with cells in this direction. */
const vertical =
  (by: 1 | -1): Step =>
  ({ row, column }, { rows, hasCells }) => {
    for (let to = row + by; to >= 0 && to < rows; to += by) if (hasCells(to)) return { row: to, column }
    return undefined
  }

const horizontal =
  (by: 1 | -1): Step =>
  ({ row, column }, { columns }) =>
    column + by < 0 || column + by >= columns ? undefined : { row, column: column + by }

/** As often as the grid goes on in this direction. */
const repeated =
  (step: Step, times: number): Step =>
  (place, shape) => {
    let at = place
    for (let taken = 0; taken < times; taken += 1) at = step(at, shape) ?? at
    return at
  }

const toStart: Step = ({ row }) => ({ row, column: 0 })
const toEnd: Step = ({ row }, { columns }) => ({ row, column: columns - 1 })
const toTop: Step = (place, shape) => repeated(vertical(-1), shape.rows)(place, shape)
const toBottom: Step = (place, shape) => repeated(vertical(1), shape.rows)(place, shape)

/** Where each key leads in a grid (WAI-ARIA Authoring Practices: grid pattern). */
const steps: Readonly<Record<string, Step>> = {
  ArrowDown: vertical(1),
  ArrowUp: vertical(-1),
  ArrowRight: horizontal(1),
  ArrowLeft: horizontal(-1),
  PageDown: repeated(vertical(1), pageRows),
  PageUp: repeated(vertical(-1), pageRows),
  Home: toStart,
  End: toEnd,
}

const withControl: Readonly<Record<string, Step>> = {
  Home: (place, shape) => toStart(toTop(place, shape) ?? place, shape),
  End: (place, shape) => toEnd(toBottom(place, shape) ?? place, shape),
}

interface Keys {
  readonly key: string
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly altKey: boolean
}

/** The step that a key asks for; undefined where it is not one of the grid’s. */
export function stepOf({ key, ctrlKey, metaKey, altKey }: Keys): Step | undefined {
  if (altKey) return undefined
  return ctrlKey || metaKey ? withControl[key] : steps[key]
}
