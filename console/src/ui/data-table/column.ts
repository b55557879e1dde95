import type { ReactNode } from 'react'

export interface Column<Row> {
  readonly id: string
  readonly header: string
  /** A CSS grid track, such as `minmax(200px, 2fr)`. */
  readonly width: string
  /** The name of the API's `ordering` by this column. */
  readonly ordering?: string
  readonly align?: 'end'
  cell(row: Row): ReactNode
}

export interface Selection {
  readonly keys: ReadonlySet<number>
  change(keys: ReadonlySet<number>): void
}

/** The tracks of a row: that of the box by which it is chosen, and those of its columns. They grow with the reader's font. */
export const tracksOf = <Row>(columns: readonly Column<Row>[], isSelected: boolean): string =>
  [...(isSelected ? ['2.25rem'] : []), ...columns.map(({ width }) => inRem(width))].join(' ')

const inRem = (track: string): string => track.replace(/(\d+)px/g, (_, pixels) => `${Number(pixels) / 16}rem`)

export function toggled(keys: ReadonlySet<number>, key: number): ReadonlySet<number> {
  const next = new Set(keys)
  if (!next.delete(key)) next.add(key)
  return next
}
