import type { Readable } from 'node:stream'
import { CommandFailure, Interrupted } from './failure.ts'
import type { Terminal } from './terminal.ts'

const mostAttempts = 3
// Far above the longest password that is taken (1,024 characters), and a bound on what is held.
const mostCharacters = 8192
const mostBytes = 64 * 1024

/**
 * A new password, exactly as it was given: asked for twice without echo on a terminal, else one line of standard
 * input. Throws Interrupted on Ctrl-C, and CommandFailure when none was given or the two never agree.
 */
export async function promptPassword(terminal: Terminal): Promise<string> {
  if (terminal.input.isTTY !== true) return readPasswordFromPipe(terminal.input)
  terminal.input.setRawMode?.(true)
  // One reader for both questions: a paste may hold both answers.
  const characters = charactersOf(terminal)
  try {
    return await askTwice(terminal, characters)
  } finally {
    terminal.input.setRawMode?.(false)
    await characters.return(undefined)
    terminal.input.pause()
  }
}

type Characters = AsyncGenerator<string, undefined, undefined>

async function askTwice(terminal: Terminal, characters: Characters): Promise<string> {
  for (let attempt = 1; attempt <= mostAttempts; attempt++) {
    const password = await ask(terminal, characters, 'Password: ')
    if (password === '') {
      terminal.errors.write('The password is empty.\n')
      continue
    }
    if (password === (await ask(terminal, characters, 'Password again: '))) return password
    terminal.errors.write('The two passwords differ.\n')
  }
  throw new CommandFailure('No password was set. Run the command again.')
}

async function ask({ errors }: Terminal, characters: Characters, question: string): Promise<string> {
  errors.write(question)
  try {
    return await readHidden(characters)
  } finally {
    // Enter was not echoed either.
    errors.write('\n')
  }
}

async function readHidden(characters: Characters): Promise<string> {
  let line: HiddenLine = emptyLine
  for (;;) {
    const next = await characters.next()
    const typed = next.done === true ? ({ kind: 'ended' } as const) : type(line, next.value)
    if (typed.kind === 'done') return typed.text
    if (typed.kind === 'aborted') throw new Interrupted()
    if (typed.kind === 'ended') throw new CommandFailure('No password was given.')
    line = typed.line
    if (line.text.length > mostCharacters) throw new CommandFailure('The password is too long.')
  }
}

/** The keys, one character at a time. Enter comes as CR from a keyboard and as CR LF from some pastes: once either way. */
async function* charactersOf({ input }: Terminal): Characters {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  let previous = ''
  for await (const chunk of input.iterator({ destroyOnReturn: false })) {
    for (const character of decode(decoder, chunk)) {
      if (!(character === '\n' && previous === '\r')) yield character
      previous = character
    }
  }
}

function decode(decoder: TextDecoder, chunk: Uint8Array): string {
  try {
    return decoder.decode(chunk, { stream: true })
  } catch {
    throw new CommandFailure('The terminal sends text that is not UTF-8. Set it to UTF-8.')
  }
}

/** A line being typed without echo. `key` remembers that one of several characters (an arrow) is under way. */
interface HiddenLine {
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

/**
 * The one line that standard input holds, its line end cut off and nothing else. Throws CommandFailure when it is
 * empty, is not UTF-8, or holds a second line: a password that is cut short in silence would lock its owner out.
 */
async function readPasswordFromPipe(input: Readable): Promise<string> {
  const password = decodeAll(await readAll(input)).replace(/\r?\n$/, '')
  if (password === '') throw new CommandFailure('Standard input holds no password. Give it as one line.')
  if (password.includes('\n')) {
    throw new CommandFailure('Standard input holds more than one line. Give the password as one line.')
  }
  return password
}

async function readAll(input: Readable): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of input as AsyncIterable<Uint8Array>) {
    size += chunk.length
    if (size > mostBytes) throw new CommandFailure('Standard input is too long for a password.')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function decodeAll(bytes: Uint8Array): string {
  try {
    // A byte order mark, as PowerShell writes one, is not part of the password: the decoder drops it.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new CommandFailure('Standard input is not UTF-8 text.')
  }
}
