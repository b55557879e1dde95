import { type MouseEvent, type PointerEvent, useRef } from 'react'
import { type Place, placeOf } from './place.ts'

export interface Brush {
  /** Whether the cell would be given by a click; undefined where it cannot be changed. */
  next(place: Place): boolean | undefined
  paint(place: Place, isWanted: boolean): void
}

/**
 * A press flips the cell, and whatever the pointer passes while it is held becomes the same. A finger flips what it taps,
 * and otherwise scrolls; so does the click of a screen reader, which no press comes before.
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
    onClick(event: MouseEvent) {
      const place = placeOf(event.target)
      const isTap = (event.nativeEvent as globalThis.PointerEvent).pointerType === 'touch'
      if (place === undefined || !(isTap || event.detail === 0)) return
      const isWanted = next(place)
      if (isWanted !== undefined) paint(place, isWanted)
    },
  }
}
