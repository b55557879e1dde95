import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { emptyLine, type Typed, type } from './hidden-line.ts'

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
