import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { formatOf, localeFor } from '../../console/src/i18n/format.ts'

const en = formatOf('en-GB')
/** By the clock on the wall, in whatever zone this runs. */
const at = (text: string) => new Date(text).getTime()
const seen = (then: string, now: string) => en.relative(at(then), at(now))

describe('a time that is told from now', () => {
  const cases: readonly (readonly [then: string, now: string, shown: string])[] = [
    ['2026-11-29T20:00:10', '2026-11-29T20:00:40', 'now'],
    ['2026-11-29T19:48:00', '2026-11-29T20:00:00', '12 minutes ago'],
    ['2026-11-29T03:00:00', '2026-11-29T20:00:00', '17 hours ago'],
    ['2026-11-28T23:00:00', '2026-11-29T01:30:00', '2 hours ago'],
    ['2026-11-28T21:00:00', '2026-11-29T20:00:00', 'yesterday'],
    ['2026-11-27T21:00:00', '2026-11-29T20:00:00', '2 days ago'],
    ['2026-11-23T23:59:00', '2026-11-29T00:01:00', '6 days ago'],
    ['2026-11-22T12:00:00', '2026-11-29T12:00:00', '22 Nov 2026'],
    ['2024-12-30T12:00:00', '2026-01-05T12:00:00', '30 Dec 2024'],
    ['2026-11-30T19:00:00', '2026-11-29T20:00:00', 'tomorrow'],
    ['2026-11-29T23:00:00', '2026-11-29T20:00:00', 'in 3 hours'],
    ['2026-12-20T19:00:00', '2026-11-29T20:00:00', '20 Dec 2026'],
  ]
  for (const [then, now, shown] of cases) {
    test(`${then}, seen at ${now}, is «${shown}»`, () => assert.equal(seen(then, now), shown))
  }
})

describe('the variant of a language', () => {
  test('is the browser’s own where it has one of that language, and the language itself elsewhere', () => {
    assert.equal(localeFor('en', ['ru-RU', 'en-GB', 'en-US']), 'en-GB')
    assert.equal(localeFor('ru', ['ru-RU', 'en-GB']), 'ru-RU')
    assert.equal(localeFor('ru', ['en-GB']), 'ru')
  })

  test('passes over what is no tag of a language, such as a system without one hands on', () => {
    assert.equal(localeFor('en', ['en-US@posix', 'en-GB']), 'en-GB')
    assert.equal(localeFor('en', ['en-US@posix']), 'en')
    assert.equal(formatOf(localeFor('en', ['en-US@posix'])).number(1200), '1,200')
  })
})
