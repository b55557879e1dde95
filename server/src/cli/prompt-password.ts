import { CommandFailure, Interrupted } from './command-failure.ts'
import { emptyLine, type HiddenLine, type } from './hidden-line.ts'
import { readPasswordFromPipe } from './read-password-from-pipe.ts'
import type { Terminal } from './terminal.ts'

const mostAttempts = 3
// Far above the longest password that is taken (1,024 characters), and a bound on what is held.
const mostCharacters = 8192

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
