import assert from 'node:assert/strict'
import { Readable, Writable } from 'node:stream'
import { describe, it } from 'node:test'
import { CommandFailure, Interrupted } from './failure.ts'
import { emptyLine, promptPassword, type Typed, type } from './prompt-password.ts'
import type { Terminal } from './terminal.ts'

/** Streams that behave as a terminal or a pipe would, and what came out of them. */
function streams(chunks: readonly (string | Uint8Array)[], isTTY: boolean) {
  const shown: string[] = []
  const modes: boolean[] = []
  const sink = () =>
    new Writable({
      write(chunk, _encoding, done) {
        shown.push(String(chunk))
        done()
      },
    })
  const input = Readable.from(
    chunks.map(chunk => Buffer.from(chunk as string)),
    { objectMode: false },
  )
  const setRawMode = (isRaw: boolean) => modes.push(isRaw)
  const terminal: Terminal = {
    input: Object.assign(input, { isTTY, setRawMode }),
    output: sink(),
    errors: sink(),
  }
  return { terminal, shown: () => shown.join(''), modes }
}

describe('a password asked for on a terminal', () => {
  const accepted: [title: string, chunks: (string | Uint8Array)[], expected: string][] = [
    ['typed key by key', ['s', 'e', 'c', '\r', 's', 'e', 'c', '\r'], 'sec'],
    ['pasted together with its line ends', ['sec ret\nsec ret\n'], 'sec ret'],
    ['pasted with line ends as on Windows', ['sec\r\nsec\r\n'], 'sec'],
    ['with a letter split between two reads', [Buffer.of(0xd1), Buffer.of(0x8f, 0x0d), 'я\r'], 'я'],
    ['corrected with backspace', ['sex\u007fc\rsec\r'], 'sec'],
    ['agreed upon at the second attempt', ['sec\rsex\rsec\rsec\r'], 'sec'],
    ['empty at first', ['\rsec\rsec\r'], 'sec'],
  ]
  for (const [title, chunks, expected] of accepted) {
    it(`${title} is taken and never shown`, async () => {
      const { terminal, shown, modes } = streams(chunks, true)
      assert.equal(await promptPassword(terminal), expected)
      assert.doesNotMatch(shown(), /sec|sex|я/)
      assert.deepEqual(modes, [true, false])
    })
  }

  const refused: [
    title: string,
    chunks: (string | Uint8Array)[],
    error: typeof CommandFailure | typeof Interrupted,
  ][] = [
    ['is abandoned by Ctrl-C', ['sec\u0003'], Interrupted],
    ['is abandoned by Ctrl-C at the second question', ['sec\rse', '\u0003'], Interrupted],
    ['is not guessed when the terminal goes away', ['sec'], CommandFailure],
    ['is not taken from Ctrl-D', ['\u0004'], CommandFailure],
    ['is given up after three attempts that differ', ['a\rb\r'.repeat(3)], CommandFailure],
    ['cannot be empty', ['\r\r\r\r\r\r'], CommandFailure],
    ['cannot grow without bound', ['x'.repeat(100_000)], CommandFailure],
    ['cannot be text that is not UTF-8', [Buffer.of(0x61, 0xff, 0x0d)], CommandFailure],
  ]
  for (const [title, chunks, error] of refused) {
    it(`${title}, and the terminal echoes again`, async () => {
      const { terminal, shown, modes } = streams(chunks, true)
      await assert.rejects(promptPassword(terminal), error)
      assert.doesNotMatch(shown(), /sec/)
      assert.deepEqual(modes, [true, false])
    })
  }
})

describe('a password on standard input', () => {
  const accepted: [title: string, chunks: (string | Uint8Array)[], expected: string][] = [
    ['one line', ['secret\n'], 'secret'],
    ['one line ended as on Windows', ['secret\r\n'], 'secret'],
    ['a line without an end', ['sec', 'ret'], 'secret'],
    ['spaces around it', ['  secret \t\n'], '  secret \t'],
    ['a byte order mark before it', ['\ufeffsecret\n'], 'secret'],
    ['letters split between two reads', [Buffer.of(0xd1), Buffer.of(0x8f, 0x0a)], 'я'],
  ]
  for (const [title, chunks, expected] of accepted) {
    it(`${title}: nothing but the line end is cut off, nothing is shown`, async () => {
      const { terminal, shown, modes } = streams(chunks, false)
      assert.equal(await promptPassword(terminal), expected)
      assert.equal(shown(), '')
      assert.deepEqual(modes, [])
    })
  }

  const refused: [title: string, chunks: (string | Uint8Array)[]][] = [
    ['nothing', []],
    ['an empty line', ['\n']],
    ['a second line', ['secret\nsecret\n']],
    ['a second line that is empty', ['secret\n\n']],
    ['bytes that are not UTF-8', [Buffer.of(0x61, 0xff)]],
    ['more than anybody types', ['x'.repeat(70_000)]],
  ]
  for (const [title, chunks] of refused) {
    it(`${title} is refused without being repeated`, async () => {
      const { terminal, shown } = streams(chunks, false)
      await assert.rejects(promptPassword(terminal), (error: unknown) => {
        assert(error instanceof CommandFailure)
        assert.doesNotMatch(error.message, /secret/)
        return true
      })
      assert.equal(shown(), '')
    })
  }
})

function typeAll(keys: string): Typed {
  let typed: Typed = { kind: 'typing', line: emptyLine }
  for (const character of keys) {
    if (typed.kind !== 'typing') return typed
    typed = type(typed.line, character)
  }
  return typed
}

describe('a line typed without echo', () => {
  const cases: [title: string, keys: string, expected: string][] = [
    ['is what was typed, spaces and all', ' пароль p 🔑 \r', ' пароль p 🔑 '],
    ['ends at a line feed too', 'abc\n', 'abc'],
    ['loses its last character to a backspace', 'abя\u007f\u0008c\r', 'ac'],
    ['loses an emoji whole', 'a🔑\u007f\r', 'a'],
    ['survives a backspace too many', '\u007f\u007fab\r', 'ab'],
    ['is begun anew by Ctrl-U', 'wrong\u0015right\r', 'right'],
    ['holds no arrow key', 'a\u001b[D\u001b[1;5Cb\u001bOHc\r', 'abc'],
    ['holds no marks of a bracketed paste', '\u001b[200~pasted\u001b[201~\r', 'pasted'],
    ['holds no control character', 'a\u0000\tb\u0001\u009b\r', 'ab'],
    ['keeps what follows a lone escape', 'a\u001bbc\r', 'abc'],
    ['is not ended by Ctrl-D in its middle', 'ab\u0004c\r', 'abc'],
    ['may be empty', '\r', ''],
  ]
  for (const [title, keys, text] of cases) {
    it(title, () => assert.deepEqual(typeAll(keys), { kind: 'done', text }))
  }

  it('is aborted by Ctrl-C', () => assert.deepEqual(typeAll('abc\u0003'), { kind: 'aborted' }))
  it('is aborted by Ctrl-C in the middle of an arrow key', () => {
    for (const keys of ['a\u001b\u0003', 'a\u001b[\u0003', 'a\u001b[1;\u0003']) {
      assert.deepEqual(typeAll(keys), { kind: 'aborted' })
    }
  })
  it('is ended by Ctrl-D where it begins', () => assert.deepEqual(typeAll('\u0004'), { kind: 'ended' }))
})
