import { invalidField, message } from '../kernel/index.ts'
import { type CsvCell, createCsvWriter, type Separator, separators } from './csv.ts'

export const formats = ['csv', 'jsonl'] as const

/** How an export looks: which of its columns, in which order, and how they are written. */
export interface ExportShape {
  readonly format: (typeof formats)[number]
  readonly columns: readonly string[]
  readonly separator: Separator
}

export const plainShape = (header: readonly string[]): ExportShape => ({
  format: 'csv',
  columns: header,
  separator: separators.comma,
})

/** The columns of a list that a query has named, each once; all of them where it names none. Refuses the others by name. */
export function columnsOf(named: string | undefined, header: readonly string[]): readonly string[] {
  if (named === undefined) return header
  const columns = [...new Set(named.split(',').map(column => column.trim()))]
  const unknown = columns.filter(column => !header.includes(column))
  if (unknown.length === 0) return columns
  const messages = unknown.map(column => message('column.unknown', { column, columns: header.join(', ') }))
  throw invalidField('columns', ...messages)
}

interface Writer {
  /** What stands before the first row; of lines of JSON, nothing. */
  readonly start: string
  lines(rows: readonly (readonly CsvCell[])[]): string
}

/** Writes rows of these cells, which stand in the order of the header, in the shape that is asked for. */
export function createWriter(header: readonly string[], { format, columns, separator }: ExportShape): Writer {
  const places = columns.map(column => header.indexOf(column))
  const pick = (cells: readonly CsvCell[]) => places.map(place => cells[place] ?? null)
  if (format === 'jsonl') {
    return { start: '', lines: rows => rows.map(cells => toJsonLine(columns, pick(cells))).join('') }
  }
  const csv = createCsvWriter({ header: columns, separator })
  return { start: csv.first([]), lines: rows => csv.next(rows.map(pick)) }
}

/** A column that holds JSON is no text here, but the value. */
const toJsonLine = (columns: readonly string[], cells: readonly CsvCell[]): string =>
  `${JSON.stringify(
    Object.fromEntries(
      columns.map((column, index) => {
        const cell = cells[index]
        return [column, column === 'details' && typeof cell === 'string' ? JSON.parse(cell) : cell]
      }),
    ),
  )}\n`
