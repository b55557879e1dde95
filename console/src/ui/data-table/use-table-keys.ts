import { type KeyboardEvent, type RefObject, useState } from 'react'
import { focusWhenDrawn } from '../focus-when-drawn.ts'
import { type Selection, toggled } from './column.ts'

interface TableKeysOptions<Row> {
  readonly rows: readonly Row[]
  readonly scroller: RefObject<HTMLDivElement | null>
  readonly rowHeight: number
  readonly selection: Selection | undefined
  keyOf(row: Row): number
  onOpen?: ((row: Row) => void) | undefined
  scrollTo(index: number): void
}

/** One row has the focus; arrows, pages, Home and End move it, Enter opens, Space selects (WAI-ARIA: grid). */
export function useTableKeys<Row>(options: TableKeysOptions<Row>) {
  const { rows, scroller, rowHeight, selection, keyOf, onOpen, scrollTo } = options
  const [focused, setFocused] = useState(0)
  const current = Math.min(focused, Math.max(0, rows.length - 1))

  const moveTo = (index: number) => {
    const next = Math.max(0, Math.min(rows.length - 1, index))
    setFocused(next)
    scrollTo(next)
    focusWhenDrawn(scroller.current, `[data-index="${next}"]`)
  }

  const onKeyDown = (event: KeyboardEvent, row: Row) => {
    // Keys that are meant for a button or a field inside the row are left to it.
    if (event.target !== event.currentTarget) return
    const perPage = Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight)
    const steps: Record<string, () => void> = {
      ArrowDown: () => moveTo(current + 1),
      ArrowUp: () => moveTo(current - 1),
      PageDown: () => moveTo(current + perPage),
      PageUp: () => moveTo(current - perPage),
      Home: () => moveTo(0),
      End: () => moveTo(rows.length - 1),
      Enter: () => onOpen?.(row),
      ...(selection && { ' ': () => selection.change(toggled(selection.keys, keyOf(row))) }),
    }
    const step = steps[event.key]
    if (step === undefined) return
    event.preventDefault()
    step()
  }

  return { current, setFocused, onKeyDown }
}
