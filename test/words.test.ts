import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { assertNone } from './support/assert-none.ts'
import { declaredIdentifiers, type Identifier, wordsOf } from './support/identifiers.ts'
import { retiredPairs, retiredWords, wordExceptions } from './support/retired-words.ts'

describe('declared names', () => {
  const names = declaredIdentifiers(['gate', 'server', 'client', 'console', 'test', 'bench', 'scripts'])
  const isExempt = ({ name, path }: Identifier) =>
    wordExceptions.some(each => each.name.test(name) && (each.path?.test(path) ?? true))

  const retiredIn = (name: string): string[] => {
    const words = wordsOf(name)
    const pairs = words.map((word, index) => `${word} ${words[index + 1]}`)
    const found = [
      ...words.map(word => [word, retiredWords.get(word)]),
      ...pairs.map(pair => [pair, retiredPairs.get(pair)]),
    ]
    return found.flatMap(([word, instead]) =>
      instead === undefined ? [] : [`«${word}» is retired, say ${instead}`],
    )
  }

  it('are read from every folder', () =>
    assert.ok(names.length > 50_000, `only ${names.length} are read: have the folders moved?`))

  it('are split into their words', () =>
    assert.deepEqual(
      ['toldAtMs', 'spent_at', 'SEAL_FILE', 'isHTTPRoom', '#heard'].flatMap(name => wordsOf(name)),
      ['told', 'at', 'ms', 'spent', 'at', 'seal', 'file', 'is', 'http', 'room', 'heard'],
    ))

  it('hold no figure of speech that has a word of the trade', () => {
    assertNone(
      names
        .filter(identifier => !isExempt(identifier))
        .flatMap(({ path, line, name }) => retiredIn(name).map(what => `${path}:${line}: ${name}: ${what}`)),
      'Use the word of the RFC, of the trade, or plain English. Only names of the wire or of tables are exceptions (test/support/retired-words.ts).',
    )
  })

  it('need each of the exceptions', () => {
    const isNeeded = (exception: (typeof wordExceptions)[number]) =>
      names.some(
        ({ name, path }) =>
          exception.name.test(name) && (exception.path?.test(path) ?? true) && retiredIn(name).length > 0,
      )
    assertNone(
      wordExceptions.filter(each => !isNeeded(each)).map(each => String(each.name)),
      'No declared name needs these exceptions. Remove them.',
    )
  })
})
