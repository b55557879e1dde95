import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { nameKeyOf } from './name.ts'

const byBytes = (left: string, right: string) => Buffer.compare(Buffer.from(left), Buffer.from(right))
const inOrder = (names: readonly string[]) =>
  names.toSorted((left, right) => byBytes(nameKeyOf(left)!, nameKeyOf(right)!))
const primaryOf = (name: string) => nameKeyOf(name)!.split('\u0001')[0]!

// Without case and marks, as Unicode's root collation does; not of a language, which would put its own script first.
const collator = new Intl.Collator('en', { sensitivity: 'base' })

const letters = [
  ...'abcdefghijklmnopqrstuvwxyzàáâãäåæçèéêëìíîïðñòóôõöøùúûüýÿßāćčďđēěğħīłńňōœřśšťūůźžżſ',
  ...'абвгґѓдђеёєжзѕиіїйјкќлљмнњопрстћуўфхцчџшщъыьэюя',
  ...'αβγδεζηθικλμνξοπρστυφχψω0123456789 ',
]
const word = fc
  .array(fc.constantFrom(...letters, ...letters.map(letter => letter.toUpperCase())), {
    minLength: 1,
    maxLength: 6,
  })
  .map(parts => parts.join('').replace(/ +/g, ' ').trim())
  .filter(text => text !== '')

describe('the order of names', () => {
  it('is that of people, in Latin and in Cyrillic', () => {
    const names = [
      'Žofie',
      'Ольга',
      'anna',
      'Ёжиков',
      'Zoe',
      'Елена',
      'Юрий',
      'елизавета',
      '李',
      'Anna',
      'Жанна',
      'Émile',
      'Ed',
    ]
    assert.deepEqual(inOrder(names), [
      'Anna',
      'anna',
      'Ed',
      'Émile',
      'Zoe',
      'Žofie',
      'Ёжиков',
      'Елена',
      'елизавета',
      'Жанна',
      'Ольга',
      'Юрий',
      '李',
    ])
  })

  it('puts ё beside е, and й behind и', () => {
    const names = ['Артур', 'Артём', 'Артемий', 'Артем', 'Йод', 'Иза', 'Ия', 'Каин']
    assert.deepEqual(inOrder(names), ['Артем', 'Артём', 'Артемий', 'Артур', 'Иза', 'Ия', 'Йод', 'Каин'])
  })

  it('puts white space and signs before digits, and digits before letters', () => {
    assert.deepEqual(inOrder(['Role', 'Role1', 'Role_1', 'Role 1', 'Role-A', 'Rolex']), [
      'Role',
      'Role 1',
      'Role_1',
      'Role-A',
      'Role1',
      'Rolex',
    ])
  })

  it('is that of the collation of Unicode for every word of these letters', () => {
    fc.assert(
      fc.property(word, word, (left, right) => {
        const expected = collator.compare(left, right)
        assert.equal(
          Math.sign(byBytes(primaryOf(left), primaryOf(right))),
          Math.sign(expected),
          `${left} ${right}`,
        )
      }),
      { numRuns: 20_000, seed: 14 },
    )
  })

  it('is the same whether a name is composed or not', () => {
    fc.assert(
      fc.property(word, name => {
        assert.equal(primaryOf(name.normalize('NFC')), primaryOf(name.normalize('NFD')))
      }),
      { numRuns: 5_000, seed: 14 },
    )
  })

  it('ends in the name, so that a key is known as that of its name, and is bounded', () => {
    assert.equal(nameKeyOf('Ёж'), `${primaryOf('еж')}\u0001Ёж`)
    assert.equal(nameKeyOf(null), null)
    assert.equal(nameKeyOf(''), null)
    const longest = nameKeyOf('\u{20000}'.repeat(150))!
    assert.equal([...longest].length, 100 + 1 + 150)
  })
})
