/**
 * A table as CSV by RFC 4180: CRLF after every line, every text in quotes. Safe to open in a spreadsheet: a text
 * that a spreadsheet would take for a formula is shown as the text that it is.
 */
export const toCsv = (header: readonly string[], rows: readonly (readonly (string | number)[])[]): string =>
  [header, ...rows].map(cells => `${cells.map(toCell).join(',')}\r\n`).join('')

const toCell = (value: string | number): string =>
  typeof value === 'number' ? String(value) : `"${disarm(value).replaceAll('"', '""')}"`

/**
 * OWASP «CSV Injection»: a cell that starts with one of these is run as a formula; an apostrophe before it makes
 * it text. The full-width signs count in Asian editions, and leading space is skipped by some programs.
 */
const disarm = (text: string): string => (/^\s*[=+\-@＝＋－＠|%\t\r\n]/.test(text) ? `'${text}` : text)
