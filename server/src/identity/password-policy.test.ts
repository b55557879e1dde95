import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { loadLeakedPasswords } from './leaked-passwords.ts'
import { validateNewPassword } from './password-policy.ts'

const policy = { minLength: 8, leaked: loadLeakedPasswords() }
const subject = { email: 'annabelle.lee@example.com', names: ['Annabelle', null, 'Заболотникова '] }

const validate = (presented: string, of = subject, by = policy): string[] =>
  validateNewPassword(by, presented, of).map(fault => fault.key)

const accepted: readonly string[] = [
  'correct horse battery staple',
  'qzvkwmxp',
  'ТОЛЬКО ЗАГЛАВНЫЕ буквы',
  '        8',
  '🔑🚪🗝️🚧🛂🎫🎟️🏰',
  'x'.repeat(64),
  `${'long '.repeat(204)}end!`,
  'annabelle.lee@example.org',
  'Annabelle Lee',
  'a propusk of mine',
  'not-a-word-of-Заболотникова',
]

const refused: readonly (readonly [presented: string, ...keys: string[]])[] = [
  ['', 'password.too_short'],
  ['q7#vK2m', 'password.too_short'],
  ['🔑🚪🗝🚧🛂🎫🎟', 'password.too_short'],
  ['e\u0301'.repeat(4), 'password.too_short'],
  ['\ufdfa', 'password.too_short'],
  ['y'.repeat(1025), 'password.too_long'],
  ['🔑'.repeat(1025), 'password.too_long'],
  ['long enough \ud83d', 'field.character'],
  ['annabelle.lee@example.com', 'password.personal'],
  ['ANNABELLE.LEE@Example.Com', 'password.personal'],
  ['Annabelle.Lee', 'password.personal'],
  ['\uFF21nnabelle.lee', 'password.personal'],
  ['aNNABELLE', 'password.personal', 'password.common'],
  ['ЗАБОЛОТНИКОВА', 'password.personal'],
  ['password', 'password.common'],
  ['PassWord1', 'password.common'],
  ['trustno1', 'password.common'],
  ['1q2w3e4r', 'password.common'],
  ['11111111', 'password.common'],
  ['\uFF50assword', 'password.common'],
  ['пароль123', 'password.common'],
  ['ЙЦУКЕНГШ', 'password.common'],
  ['propusk1', 'password.common'],
  ['Propusk-2026!', 'password.common'],
  ['12 PROPUSK 34', 'password.common'],
  ['Пропуск2026', 'password.common'],
  ['ghjgecr123', 'password.common'],
  ['propuskpropusk', 'password.common'],
  ['root', 'password.too_short'],
]

describe('a new password', () => {
  for (const presented of accepted) {
    it(`is accepted without any rule about its characters: ${presented.slice(0, 40)}`, () => {
      assert.deepEqual(validate(presented), [])
    })
  }

  for (const [presented, ...keys] of refused) {
    it(`is refused with ${keys}: ${JSON.stringify(presented.slice(0, 40))}`, () => {
      assert.deepEqual(validate(presented), keys)
    })
  }

  it('may be 1,024 characters long', () => {
    assert.deepEqual(validate('пропуск и ещё слово '.repeat(52).slice(0, 1024)), [])
  })

  it('names the limits that it broke', () => {
    assert.deepEqual(validateNewPassword({ ...policy, minLength: 15 }, 'qzvkwmxp', subject), [
      { key: 'password.too_short', values: { limit: 15 } },
    ])
    assert.deepEqual(validateNewPassword(policy, 'y'.repeat(2000), subject), [
      { key: 'password.too_long', values: { limit: 1024 } },
    ])
  })

  it('of a million combining marks is refused', () => {
    assert.deepEqual(validate('a\u0301\u0316'.repeat(350_000)), ['password.too_long'])
  })

  it('is not compared with names that are empty, absent or of hostile length', () => {
    const names = ['', '   ', null, '\u0316'.repeat(60_000)]
    assert.deepEqual(validate('qzvkwmxp', { email: '', names }), [])
  })
})
