import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parseEmail } from './email-address.ts'

const accepted: readonly (readonly [presented: string, stored: string])[] = [
  ['ann@example.com', 'ann@example.com'],
  ['  Ann.Lee@Example.COM\n', 'ann.lee@example.com'],
  ['mr.englishcat@gmail.com', 'mr.englishcat@gmail.com'],
  ['first+tag@example.co.uk', 'first+tag@example.co.uk'],
  ['o.neil_x-1@mail.example', 'o.neil_x-1@mail.example'],
  ['root@localhost', 'root@localhost'],
  ['a@xn--80ak6aa92e.com', 'a@xn--80ak6aa92e.com'],
  ['1@2.3', '1@2.3'],
  [`${'a'.repeat(138)}@example.com`, `${'a'.repeat(138)}@example.com`],
  [`a@${'b'.repeat(63)}.com`, `a@${'b'.repeat(63)}.com`],
]

const refused: readonly (readonly [why: string, presented: string])[] = [
  ['nothing', ''],
  ['white space only', '   '],
  ['no @', 'ann.example.com'],
  ['two @', 'ann@evil.test@example.com'],
  ['no local part', '@example.com'],
  ['no domain', 'ann@'],
  ['an inner space', 'an n@example.com'],
  ['a space in the domain', 'ann@exam ple.com'],
  ['an inner line break', 'ann@example.com\r\nBcc: x@evil.test'],
  ['a tab', 'ann\t@example.com'],
  ['a NUL', 'ann\0@example.com'],
  ['a quoted local part with an @ of its own', '"x@evil.test y"@corp.test'],
  ['a quoted local part', '"ann"@example.com'],
  ['a comma', 'ann,bob@example.com'],
  ['two addresses', 'ann@example.com,bob@example.com'],
  ['a display name', 'Ann <ann@example.com>'],
  ['angle brackets', '<ann@example.com>'],
  ['a comment', 'ann(comment)@example.com'],
  ['a comment in the domain', 'ann@example.com(comment)'],
  ['a group', 'friends:ann@example.com;'],
  ['a backslash', 'ann\\@example.com'],
  ['a double dot in the local part', 'ann..lee@example.com'],
  ['a double dot in the domain', 'ann@example..com'],
  ['a leading dot', '.ann@example.com'],
  ['a dot before the @', 'ann.@example.com'],
  ['a dot after the @', 'ann@.example.com'],
  ['a dot at the end', 'ann@example.com.'],
  ['a label that starts with a hyphen', 'ann@-example.com'],
  ['a label that ends with a hyphen', 'ann@example-.com'],
  ['an underscore in the domain', 'ann@exam_ple.com'],
  ['an address literal', 'ann@[127.0.0.1]'],
  ['a label of 64', `a@${'b'.repeat(64)}.com`],
  ['Cyrillic letters', 'аня@example.com'],
  ['a Cyrillic domain', 'ann@пример.рф'],
  ['a Kelvin sign, which is a k in lower case', '\u212Aate@example.com'],
  ['a full-width @', 'ann\uFF20example.com'],
  ['a zero-width space', 'ann\u200B@example.com'],
  ['151 characters', `${'a'.repeat(139)}@example.com`],
]

describe('an email address', () => {
  for (const [presented, stored] of accepted) {
    it(`${JSON.stringify(presented).slice(0, 60)} is taken in one spelling`, () => {
      assert.equal(parseEmail(presented), stored)
    })
  }

  for (const [why, presented] of refused) {
    it(`with ${why} is refused`, () => {
      assert.equal(parseEmail(presented), undefined)
    })
  }

  it('of hostile length is refused without backtracking', () => {
    for (const presented of [
      'a'.repeat(200_000),
      `${'a.'.repeat(100_000)}@x`,
      `a@${'b-'.repeat(100_000)}`,
      '@'.repeat(200_000),
    ]) {
      assert.equal(parseEmail(presented), undefined)
    }
  })

  it('reads the same when it is read again', () => {
    for (const [, stored] of accepted) assert.equal(parseEmail(stored), stored)
  })
})
