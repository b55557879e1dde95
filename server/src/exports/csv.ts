import { stringify } from 'csv-stringify/sync'

/** What a cell may hold. Null is an empty cell. */
export type CsvCell = string | number | boolean | null

export const separators = { comma: ',', semicolon: ';', tab: '\t' } as const
export type Separator = (typeof separators)[keyof typeof separators]

interface CsvTable {
  readonly header: readonly string[]
  /** A comma unless another is asked for. */
  readonly separator?: Separator
}

/**
 * The lines of a table by RFC 4180: CRLF at the end of each, every text in quotes. Safe to open in a spreadsheet: what
 * one would run as a formula is shown as the text that it is.
 */
export function createCsvWriter({ header, separator = separators.comma }: CsvTable) {
  const options = {
    columns: [...header],
    delimiter: separator,
    record_delimiter: 'windows',
    quoted_string: true,
    escape_formulas: true,
    cast: { boolean: String, string: disarmFor(separator) },
  } as const
  return {
    /** The byte order mark, the header and these rows. Without the mark Excel takes the bytes for its own code page. */
    first: (rows: readonly (readonly CsvCell[])[]): string =>
      stringify([...rows], { ...options, bom: true, header: true }),
    next: (rows: readonly (readonly CsvCell[])[]): string => stringify([...rows], options),
  }
}

/** A whole table that is small enough to be one text. */
export const toCsv = (table: CsvTable, rows: readonly (readonly CsvCell[])[]): string =>
  createCsvWriter(table).first(rows)

/**
 * OWASP «CSV Injection», ASVS 1.2.10: an apostrophe makes text of what begins like a formula. `escape_formulas` of the
 * library looks at the first character for `= + - @`, their full-width forms, a tab and CR. What it lacks is here: a
 * sign after blanks or quotes, `|`, `%`, LF and NUL; and a sign within the text where a program that splits otherwise
 * (Excel at `;` in Russian settings, others at every line break) would see a cell begin, because to it the quotes do
 * not count. A comma that is the separator begins a cell for such a program only when a line break stands before it.
 */
const disarmFor =
  (separator: Separator) =>
  (text: string): string => {
    const isCommaBreak = separator !== separators.comma || lineBreak.test(text)
    return text.replace(start, "'").replace(isCommaBreak ? withinOrAfterComma : within, "'")
  }

const sign = '[=+\\-@＝＋－＠|%]'
/** A space of any width (Unicode Zs), a quote, NUL or a byte order mark. */
const blank = '[\\p{Zs}"\\0\\ufeff]'
const breaks = ';\\t\\n\\v\\f\\r\\u0085\\u2028\\u2029'

const lineBreak = /[\n\v\f\r\u0085\u2028\u2029]/
const start = new RegExp(`^(?=[\\s"\\0]+${sign}|[|%\\n\\0])`, 'u')
const within = new RegExp(`(?<=[${breaks}])(?=${blank}*${sign})`, 'gu')
const withinOrAfterComma = new RegExp(`(?<=[,${breaks}])(?=${blank}*${sign})`, 'gu')
