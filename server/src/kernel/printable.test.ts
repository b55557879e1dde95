import assert from 'node:assert/strict'
import { it } from 'node:test'
import { printable } from './name.ts'

it('control characters, line separators and reordering marks cannot reach the terminal', () => {
  assert.equal(printable('a\u001b[2Jb\nc\u009bd\u2028e\u202ef\u0000'), 'a?[2Jb?c?d?e?f?')
})

it('letters of any script, accents and joined emoji pass as they are', () => {
  assert.equal(printable('Жанна é 李 👩‍💻'), 'Жанна é 李 👩‍💻')
})
