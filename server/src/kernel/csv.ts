/** What a cell may hold. Null is an empty cell. */
export type CsvCell = string | number | boolean | null

/**
 * One line of CSV by RFC 4180: CRLF at its end, every text in quotes. Safe to open in a spreadsheet: a text that a
 * spreadsheet would take for a formula is shown as the text that it is.
 */
export const csvLine = (cells: readonly CsvCell[]): string => `${cells.map(toCell).join(',')}\r\n`

/** A whole table that is small enough to be one text. */
export const toCsv = (header: readonly string[], rows: readonly (readonly CsvCell[])[]): string =>
  [header, ...rows].map(csvLine).join('')

function toCell(value: CsvCell): string {
  if (value === null) return ''
  return typeof value === 'string' ? `"${disarm(value).replaceAll('"', '""')}"` : String(value)
}

/**
 * OWASP «CSV Injection»: a cell that starts with one of these is run as a formula; an apostrophe before it makes
 * it text. The full-width signs count in Asian editions, and leading space is skipped by some programs.
 */
const disarm = (text: string): string => (/^\s*[=+\-@＝＋－＠|%\t\r\n]/.test(text) ? `'${text}` : text)
