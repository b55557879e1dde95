/**
 * Text that may be shown on a terminal or in a line of text: control characters, line separators and marks that reorder
 * the line become `?`, so that a name or a setting cannot forge output or drive the terminal.
 */
export const printable = (text: string): string =>
  text.toWellFormed().replace(/[\p{Cc}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '?')
