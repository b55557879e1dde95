import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { nameProblems, readName, skeletonOf } from './name.ts'

const keysOf = (text: string, mayBeBlank = false) => nameProblems(text, 20, mayBeBlank).map(({ key }) => key)

describe('a name', () => {
  it('is kept in NFC, without white space around it', () => {
    assert.deepEqual(readName('  cafe\u0301\u00a0', 20), { name: 'caf\u00e9' })
    assert.deepEqual(readName('\u3000Анна  Мария\n', 20), { name: 'Анна  Мария' })
  })

  for (const [what, text] of [
    ['a NUL', 'a\0b'],
    ['a tab', 'a\tb'],
    ['a line break', 'a\nb'],
    ['a C1 control', 'a\u0085b'],
    ['a line separator', 'a\u2028b'],
    ['a zero-width space', 'a\u200bb'],
    ['a zero-width joiner', 'a\u200db'],
    ['a byte order mark', 'a\ufeffb'],
    ['a soft hyphen', 'a\u00adb'],
    ['a right-to-left override', 'a\u202eb'],
    ['a bidi isolate', 'a\u2066b'],
    ['an Arabic letter mark', 'a\u061cb'],
    ['a Hangul filler', 'a\u3164b'],
    ['a variation selector', 'a\ufe0fb'],
    ['a tag', 'a\u{e0041}b'],
    ['a blank of Braille', 'a\u2800b'],
    ['a noncharacter', 'a\uffffb'],
  ] as const) {
    it(`is refused with ${what} in it`, () => assert.deepEqual(keysOf(text), ['name.invisible']))
  }

  it('is refused when it is blank or too long, also where only its form is', () => {
    for (const blank of ['', '   ', '\u00a0\u3000']) {
      assert.deepEqual([keysOf(blank), keysOf(blank, true)], [['name.blank'], []])
    }
    assert.deepEqual(keysOf('я'.repeat(21)), ['field.too_long'])
    assert.deepEqual([keysOf('\u0958'.repeat(10)), keysOf('\u0958'.repeat(11))], [[], ['field.too_long']])
    assert.deepEqual(keysOf('e\u0301'.repeat(20)), [])
    assert.deepEqual(keysOf('a'.repeat(100_000)), ['field.too_long'])
  })
})

describe('the skeleton of a name', () => {
  for (const [one, other] of [
    ['Sales team', 'sales  TEAM'],
    ['Sales team', 'Sales\u00a0team'],
    ['Sales', 'Ѕаlеѕ'],
    ['ADMIN', 'АDМІN'],
    ['ТОР', 'TOP'],
    ['Root', 'ROΟΤ'],
    ['Level 10', 'Level lO'],
    ['Straße', 'STRASSE'],
    ['ﬁnance', 'finance'],
    ['Ａdmin', 'Admin'],
    ['Café', 'cafe\u0301'],
  ] as const) {
    it(`of ${JSON.stringify(one)} is that of ${JSON.stringify(other)}`, () =>
      assert.equal(skeletonOf(one), skeletonOf(other)))
  }

  for (const [one, other] of [
    ['Mail', 'Mall'],
    ['Кий', 'Кии'],
    ['Все', 'Всё'],
    ['Sales team', 'Salesteam'],
    ['Team 1', 'Team 2'],
    ['Отдел продаж', 'Отдел закупок'],
  ] as const) {
    it(`of ${JSON.stringify(one)} is not that of ${JSON.stringify(other)}`, () =>
      assert.notEqual(skeletonOf(one), skeletonOf(other)))
  }
})
