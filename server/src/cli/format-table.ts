import { printable } from '../kernel/index.ts'
import { fitTo, textWidth } from './text-width.ts'

const gap = '  '
// Below this a column says nothing; a terminal too narrow for it wraps its lines.
const leastColumns = 6

/**
 * Rows under their headings, aligned. With a width, the widest columns are cut until every line fits; without one
 * (the output is not a terminal) nothing is. What rows hold is made harmless to the terminal.
 */
export function formatTable(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  availableColumns: number | undefined,
): string {
  const lines = [headings, ...rows.map(row => row.map(printable))]
  const widths = headings.map((_, column) => Math.max(...lines.map(line => textWidth(line[column] ?? ''))))
  if (availableColumns !== undefined) shrink(widths, availableColumns - gap.length * (widths.length - 1))
  return lines
    .map(line =>
      widths
        .map((width, column) => fitTo(line[column] ?? '', width))
        .join(gap)
        .trimEnd(),
    )
    .map(line => `${line}\n`)
    .join('')
}

/** Takes a column at a time from whichever is the widest, so that short ones stay whole. */
function shrink(widths: number[], available: number): void {
  let excess = widths.reduce((sum, width) => sum + width, 0) - available
  while (excess > 0) {
    const widest = widths.indexOf(Math.max(...widths))
    if (widths[widest]! <= leastColumns) return
    widths[widest]!--
    excess--
  }
}
