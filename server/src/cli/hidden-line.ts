/** A line being typed without echo. `key` remembers that one of several characters (an arrow) is under way. */
export interface HiddenLine {
  readonly text: string
  readonly key: 'whole' | 'begun' | 'sequence'
}

export const emptyLine: HiddenLine = { text: '', key: 'whole' }

export type Typed =
  | { readonly kind: 'typing'; readonly line: HiddenLine }
  | { readonly kind: 'done'; readonly text: string }
  | { readonly kind: 'aborted' }
  | { readonly kind: 'ended' }

const typing = (text: string, key: HiddenLine['key'] = 'whole'): Typed => ({
  kind: 'typing',
  line: { text, key },
})

/** The line after one more character. Only what a person meant to type becomes part of it: no arrow key, no control character. */
export function type(line: HiddenLine, character: string): Typed {
  // ECMA-48 section 5.4: ESC [, parameters, and a final byte from @ to ~. ESC O precedes one letter.
  const isControl = /\p{Cc}/u.test(character)
  // A control character breaks a sequence off, so that Ctrl-C works whatever was pressed before.
  if (line.key === 'sequence' && !isControl)
    return typing(line.text, /[@-~]/.test(character) ? 'whole' : 'sequence')
  if (line.key === 'begun' && /[[O]/.test(character)) return typing(line.text, 'sequence')
  switch (character) {
    case '\r':
    case '\n':
      return { kind: 'done', text: line.text }
    case '\u0003': // Ctrl-C
      return { kind: 'aborted' }
    case '\u0004': // Ctrl-D ends the input where a line begins; inside a line it means nothing.
      return line.text === '' ? { kind: 'ended' } : typing(line.text)
    case '\u0008':
    case '\u007f': // backspace
      return typing(Array.from(line.text).slice(0, -1).join(''))
    case '\u0015': // Ctrl-U
      return typing('')
    case '\u001b':
      return typing(line.text, 'begun')
  }
  return typing(isControl ? line.text : line.text + character)
}
