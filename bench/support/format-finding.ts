import type { Finding } from '../bench.ts'

/** A finding as text: its table with the first column to the left and the figures to the right. */
export function formatFinding({ title, method, headings, rows, targets }: Finding): string {
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...rows.map(row => row[column]?.length ?? 0)),
  )
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!)))
      .join('  ')
  const table = [line(headings), widths.map(width => '-'.repeat(width)).join('  '), ...rows.map(line)]
  return [title, method, '', ...table, '', ...targets, ''].join('\n')
}
