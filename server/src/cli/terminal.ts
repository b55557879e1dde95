import type { Readable, Writable } from 'node:stream'
import { printable } from '../kernel/index.ts'

/** The three streams of the process, as the command line needs them. Given by main, so that a test can hold its own. */
export interface Terminal {
  readonly input: Readable & { readonly isTTY?: boolean; setRawMode?(isRaw: boolean): unknown }
  /** Results: what another program may read. */
  readonly output: Writable & { readonly isTTY?: boolean; readonly columns?: number }
  /** Prompts, warnings and errors, so that results stay clean. */
  readonly errors: Writable
}

export const printLine = (stream: Writable, line: string): void => {
  stream.write(`${line}\n`)
}

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

let segmenter: Intl.Segmenter | undefined

/** Made when the first text is measured: it costs ten milliseconds, which a server that prints no table need not pay. */
const graphemesOf = (text: string): Intl.Segments => {
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' })
  return segmenter.segment(text)
}

const wide =
  /\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}|\p{Emoji_Presentation}|[\u3000-\u303e\uff01-\uff60\uffe0-\uffe6]/u

const widthOf = (grapheme: string): number => {
  if (/^[\p{Mn}\p{Me}\p{Cf}]+$/u.test(grapheme)) return 0
  // U+FE0F asks for the picture of a character, which takes two columns.
  return wide.test(grapheme) || grapheme.includes('\ufe0f') ? 2 : 1
}

/** How many columns a terminal needs for the text: accents take none, Chinese and emoji two each. */
export function textWidth(text: string): number {
  let width = 0
  for (const { segment } of graphemesOf(text)) width += widthOf(segment)
  return width
}

/** The text in exactly so many columns: filled with spaces, or cut between letters with `…` at its end. */
function fitTo(text: string, columns: number): string {
  const width = textWidth(text)
  if (width <= columns) return text + ' '.repeat(columns - width)
  let kept = ''
  let keptWidth = 0
  for (const { segment } of graphemesOf(text)) {
    if (keptWidth + widthOf(segment) > columns - 1) break
    kept += segment
    keptWidth += widthOf(segment)
  }
  return `${kept}…${' '.repeat(columns - 1 - keptWidth)}`
}
