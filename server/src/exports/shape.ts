import { invalidField, message } from '../kernel/index.ts'
import { type CsvCell, createCsvWriter, type Separator } from './csv.ts'

export const formats = ['csv', 'jsonl'] as const

/** How an export looks: which of its columns, in which order, and how they are written. */
export interface ExportShape {
  readonly format: (typeof formats)[number]
  readonly columns: readonly string[]
  readonly separator: Separator
}

/** The columns of a list that a query has named, each once; all of them where it names none. Refuses the others by name. */
export function columnsOf(named: string | undefined, header: readonly string[]): readonly string[] {
  if (named === undefined) return header
  const columns = [...new Set(named.split(',').map(column => column.trim()))]
  const unknown = columns.filter(column => !header.includes(column))
  if (unknown.length === 0) return columns
  const messages = unknown.map(column => message('column.unknown', { column, columns: header.join(', ') }))
  throw invalidField('columns', ...messages)
}

/** What a cell of an export may hold: an object is text in a table, and itself in a line of JSON. */
export type ExportCell = CsvCell | Readonly<Record<string, unknown>>

interface Writer {
  /** What stands before the first row; of lines of JSON, nothing. */
  readonly start: string
  lines(rows: readonly (readonly ExportCell[])[]): string
}

/** Writes rows of these cells, which stand in the order of the header, in the shape that is asked for. */
export function createWriter(header: readonly string[], { format, columns, separator }: ExportShape): Writer {
  const places = columns.map(column => header.indexOf(column))
  const pick = (cells: readonly ExportCell[]) => places.map(place => cells[place] ?? null)
  if (format === 'jsonl') {
    return { start: '', lines: rows => rows.map(cells => toJsonLine(columns, pick(cells))).join('') }
  }
  const csv = createCsvWriter({ header: columns, separator })
  return { start: csv.first([]), lines: rows => csv.next(rows.map(cells => pick(cells).map(toCsvCell))) }
}

const toCsvCell = (cell: ExportCell): CsvCell =>
  typeof cell === 'object' && cell !== null ? JSON.stringify(cell) : cell

const toJsonLine = (columns: readonly string[], cells: readonly ExportCell[]): string =>
  `${JSON.stringify(Object.fromEntries(columns.map((column, index) => [column, cells[index]])))}\n`
