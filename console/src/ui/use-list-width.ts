import { type KeyboardEvent, type PointerEvent, type RefObject, useState } from 'react'
import { remScale } from './rem-scale.ts'

/** How wide a list beside its detail is, in rem: 320 pixels of a usual font at first. */
export const listWidths = { least: 12, usual: 20, most: 48 } as const

const step = 1
const storageKey = 'propusk.list-width'

const within = (rem: number): number => Math.min(listWidths.most, Math.max(listWidths.least, rem))

function remembered(): number {
  const kept = Number(localStorage.getItem(storageKey))
  return kept > 0 ? within(kept) : listWidths.usual
}

/** The width of the list inside `frame`, drawn by its handle or moved by arrows (WAI-ARIA: window splitter); kept in the browser. */
export function useListWidth(frame: RefObject<HTMLElement | null>) {
  const [rem, setRem] = useState(remembered)
  const set = (wanted: number) => {
    const next = within(wanted)
    setRem(next)
    localStorage.setItem(storageKey, String(next))
  }
  return {
    rem,
    handlers: {
      onPointerDown(event: PointerEvent<HTMLElement>) {
        // Without it the text on both sides would be selected; the focus is what it takes away, too.
        event.preventDefault()
        event.currentTarget.focus()
        event.currentTarget.setPointerCapture(event.pointerId)
      },
      onPointerMove(event: PointerEvent<HTMLElement>) {
        if (!event.currentTarget.hasPointerCapture(event.pointerId)) return
        set((event.clientX - frame.current!.getBoundingClientRect().left) / (16 * remScale()))
      },
      onDoubleClick: () => set(listWidths.usual),
      onKeyDown(event: KeyboardEvent) {
        const to = {
          ArrowLeft: rem - step,
          ArrowRight: rem + step,
          Home: listWidths.least,
          End: listWidths.most,
          Enter: listWidths.usual,
        }[event.key]
        if (to === undefined) return
        event.preventDefault()
        set(to)
      },
    },
  }
}
