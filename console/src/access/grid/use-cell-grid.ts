import { type FocusEvent, type KeyboardEvent, type RefObject, useState } from 'react'
import { focusWhenDrawn } from '../../ui/focus-when-drawn.ts'
import { type GridShape, stepOf } from './grid-steps.ts'
import { cellKey, type Place, placeOf } from './place.ts'
import { type Brush, usePainting } from './use-painting.ts'

interface CellGrid extends GridShape, Brush {
  readonly element: RefObject<HTMLElement | null>
  /** Brings into sight what is not drawn yet. */
  scrollTo?(place: Place): void
}

/**
 * A grid of cells that are flipped: one of them has the focus; the keys of the grid pattern move it, Space and Enter flip it,
 * arrows with Shift carry its value along. `current` is that cell, undefined where the grid has none.
 */
export function useCellGrid(grid: CellGrid) {
  const { element, rows, columns, hasCells, next, paint } = grid
  const [focused, setFocused] = useState<Place>()
  const painting = usePainting({ next, paint })

  const firstRow = Array.from({ length: rows }, (_, row) => row).find(hasCells)
  const first = firstRow === undefined || columns === 0 ? undefined : { row: firstRow, column: 0 }
  const isThere = (place: Place) => place.row < rows && place.column < columns && hasCells(place.row)
  const current = focused !== undefined && isThere(focused) ? focused : first

  const moveTo = (place: Place) => {
    setFocused(place)
    grid.scrollTo?.(place)
    focusWhenDrawn(element.current, `[data-cell="${cellKey(place)}"]`)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const place = placeOf(event.target)
    if (place === undefined) return
    const isWanted = next(place)
    if (event.key === ' ' || event.key === 'Enter') {
      event.preventDefault()
      if (isWanted !== undefined) paint(place, isWanted)
      return
    }
    const step = stepOf(event)
    if (step === undefined) return
    event.preventDefault()
    const to = step(place, grid)
    if (to === undefined) return
    const carries = event.shiftKey && event.key.startsWith('Arrow')
    if (carries && isWanted !== undefined && next(to) !== undefined) paint(to, !isWanted)
    moveTo(to)
  }
  return {
    current,
    handlers: {
      onKeyDown,
      onFocus: (event: FocusEvent) => setFocused(placeOf(event.target) ?? focused),
      ...painting,
    },
  }
}
