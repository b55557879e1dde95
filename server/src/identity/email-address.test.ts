import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parseEmail, parseKnownEmail } from './email-address.ts'

const accepted: readonly (readonly [presented: string, stored: string])[] = [
  ['ann@example.com', 'ann@example.com'],
  ['  Ann.Lee@Example.COM\n', 'ann.lee@example.com'],
  ['mr.englishcat@gmail.com', 'mr.englishcat@gmail.com'],
  ['first+tag@example.co.uk', 'first+tag@example.co.uk'],
  ['o.neil_x-1@mail.example', 'o.neil_x-1@mail.example'],
  ['root@localhost', 'root@localhost'],
  ['a@xn--80ak6aa92e.com', 'a@xn--80ak6aa92e.com'],
  ['1@2.3', '1@2.3'],
  ["O'Neil@example.com", "o'neil@example.com"],
  ["!#$%&'*+-/=?^_`{|}~@example.com", "!#$%&'*+-/=?^_`{|}~@example.com"],
  [`${'a'.repeat(64)}@example.com`, `${'a'.repeat(64)}@example.com`],
  [`a@${'b'.repeat(60)}.${'c'.repeat(60)}.example.com`, `a@${'b'.repeat(60)}.${'c'.repeat(60)}.example.com`],
  ['ann@Пример.РФ', 'ann@xn--e1afmkfd.xn--p1ai'],
  ['ann@bücher.example', 'ann@xn--bcher-kva.example'],
  ['ann@bu\u0308cher.example', 'ann@xn--bcher-kva.example'],
  ['ann@почта.Example.com', 'ann@xn--80a1acny.example.com'],
  ['ann@пример。рф', 'ann@xn--e1afmkfd.xn--p1ai'],
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
  ['Cyrillic letters before a domain that has some', 'аня@пример.рф'],
  ['a local part of 65', `${'a'.repeat(65)}@example.com`],
  ['a domain without a dot', 'ann@intranet'],
  ['an internationalised domain without a dot', 'ann@пример'],
  ['an internationalised domain with a double dot', 'ann@пример..рф'],
  ['an internationalised domain with a space', 'ann@при мер.рф'],
  ['an internationalised domain with a percent sign', 'ann@пр%61мер.рф'],
  ['an internationalised domain with a slash', 'ann@пример.рф/x'],
  ['an address in full-width digits', 'ann@１２７.０.０.１'],
  ['an invisible character alone in a label', 'ann@\u200b.example.com'],
  ['an internationalised domain that is too long in ASCII', `ann@${'ф.'.repeat(50)}рф`],
  ['a Kelvin sign, which is a k in lower case', '\u212Aate@example.com'],
  ['a full-width @', 'ann\uFF20example.com'],
  ['a zero-width space', 'ann\u200B@example.com'],
  ['151 characters', `a@${'b'.repeat(63)}.${'c'.repeat(63)}.${'d'.repeat(17)}.com`],
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

  it('of an account from before the rules is read as it was', () => {
    for (const known of [`${'a'.repeat(138)}@example.com`, 'root@intranet', 'a@xn--80ak6aa92e.com']) {
      assert.equal(parseKnownEmail(` ${known.toUpperCase()}`), known)
    }
    for (const [presented, stored] of accepted) assert.equal(parseKnownEmail(presented), stored)
  })

  it('reads the same when it is read again', () => {
    for (const [, stored] of accepted) assert.equal(parseEmail(stored), stored)
  })
})
