import { type PointerEvent, useRef } from 'react'

export interface Place {
  readonly row: number
  readonly column: number
}

interface Brush {
  /** Whether the cell would be given by a click; undefined where it cannot be changed. */
  next(place: Place): boolean | undefined
  paint(place: Place, isWanted: boolean): void
}

/** The cell that an event happened in. */
export function placeOf(target: EventTarget | null): Place | undefined {
  const position =
    target instanceof Element ? target.closest<HTMLElement>('[data-cell]')?.dataset.cell : undefined
  if (position === undefined) return undefined
  const [row, column] = position.split('.').map(Number)
  return { row: row!, column: column! }
}

/**
 * A press flips the cell, and whatever the pointer passes while it is held becomes the same. A finger flips what it taps,
 * and otherwise scrolls.
 */
export function usePainting({ next, paint }: Brush) {
  const painted = useRef<boolean>(undefined)
  const stop = () => {
    painted.current = undefined
  }
  return {
    onPointerDown(event: PointerEvent) {
      const place = placeOf(event.target)
      if (place === undefined || event.button !== 0 || event.pointerType === 'touch') return
      const isWanted = next(place)
      if (isWanted === undefined) return
      painted.current = isWanted
      paint(place, isWanted)
      window.addEventListener('pointerup', stop, { once: true })
    },
    onPointerOver(event: PointerEvent) {
      const place = placeOf(event.target)
      if (painted.current !== undefined && place !== undefined && next(place) !== undefined) {
        paint(place, painted.current)
      }
    },
    onClick(event: React.MouseEvent) {
      const place = placeOf(event.target)
      if (place === undefined || (event.nativeEvent as globalThis.PointerEvent).pointerType !== 'touch')
        return
      const isWanted = next(place)
      if (isWanted !== undefined) paint(place, isWanted)
    },
  }
}
