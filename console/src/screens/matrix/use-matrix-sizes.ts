import type { Role } from '@propusk/client'
import { type RefObject, useLayoutEffect, useState } from 'react'
import { useEntryName } from '../../access/index.ts'
import { remScale, useIsNarrow } from '../../ui/index.ts'
import type { MatrixRow } from './matrix-rows.ts'

const narrowestColumn = 120
const widestColumn = 192

/** Letters that fit into one line of the heads, measured with the letters of the theme. */
const lettersOfRow = { wide: 32, narrow: 15 }
const pixelsPerLetter = 6.8

/** Of the name of a resource, by the style sheet. */
const mostLines = 3

export interface MatrixSizes {
  readonly headHeight: number
  readonly columnWidth: number
  /** Longest names, in letters, that the two lines of a column's head can show. */
  readonly lettersOfHead: number
  heightOf(row: MatrixRow | undefined): number
}

/** Columns share the width of the window; heads and rows are as tall as their longest names need. All in the reader's font size. */
export function useMatrixSizes(scroller: RefObject<HTMLElement | null>, roles: readonly Role[]): MatrixSizes {
  const scale = remScale()
  const nameOf = useEntryName()
  const letters = useIsNarrow() ? lettersOfRow.narrow : lettersOfRow.wide
  const [width, setWidth] = useState(0)
  useLayoutEffect(() => {
    const measure = () => {
      const head = scroller.current!.querySelector<HTMLElement>('[data-corner]')
      setWidth(scroller.current!.clientWidth - (head?.offsetWidth ?? 0))
    }
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(scroller.current!)
    return () => observer.disconnect()
  }, [scroller])

  const share = roles.length === 0 ? 0 : Math.floor(width / roles.length)
  const columnWidth = Math.max(narrowestColumn * scale, Math.min(share, widestColumn * scale))
  const lettersOfLine = Math.floor((columnWidth / scale - 12) / pixelsPerLetter)
  const lines = (text: string) => (text.length > lettersOfLine ? 2 : 1)
  const tallest = Math.max(0, ...roles.map(role => lines(role.name) + lines(role.code_name)))
  return {
    columnWidth,
    headHeight: (tallest <= 2 ? 56 : tallest === 3 ? 70 : 84) * scale,
    lettersOfHead: 2 * lettersOfLine - 4,
    heightOf(row) {
      if (row?.kind === 'group') return 40 * scale
      if (row?.kind !== 'resource') return 30 * scale
      const name = nameOf(row.resource).length
      if (name + row.resource.code_name.length + 2 <= letters) return 32 * scale
      // Words are not broken, so lines are a little shorter than they could be.
      const lines = name <= letters ? 1 : Math.min(mostLines, Math.ceil(name / (letters - 5)))
      return (30 + 16 * lines) * scale
    },
  }
}
