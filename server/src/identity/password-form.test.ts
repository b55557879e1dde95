import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { countCharacters, foldCase, isHashable, isTooLong, normalisePassword } from './password-policy.ts'

describe('the form of a password', () => {
  it('is the same for the same text typed in different ways', () => {
    assert.equal(normalisePassword('cafe\u0301'), normalisePassword('caf\u00e9'))
    assert.equal(normalisePassword('\uFF50\uFF41\uFF53\uFF53'), 'pass')
  })

  it('keeps white space and case', () => {
    assert.equal(normalisePassword('  PaSs w0rd\t '), '  PaSs w0rd\t ')
  })

  it('does not change when it is made again', () => {
    for (const text of ['\ufb01\u1e9b\u0323', '\ufdfa', '\u2460½', 'cafe\u0301']) {
      assert.equal(normalisePassword(normalisePassword(text)), normalisePassword(text))
    }
  })

  it('counts code points, not UTF-16 units', () => {
    assert.equal(countCharacters('🔑🔑🔑'), 3)
  })

  it('takes 1,024 characters and not one more, of any width', () => {
    for (const character of ['a', 'я', '🔑']) {
      assert.equal(isTooLong(character.repeat(1024)), false)
      assert.equal(isTooLong(character.repeat(1025)), true)
    }
  })

  it('with half of a surrogate pair cannot be hashed', () => {
    assert.equal(isHashable('long enough \ud83d'), false)
    assert.equal(isHashable('long enough \ufffd'), true)
  })

  it('folds every case of a letter to one', () => {
    assert.equal(foldCase('PASSWORD'), foldCase('pAssword'))
    assert.equal(foldCase('ПАРОЛЬ'), foldCase('пароль'))
    assert.equal(foldCase('ΟΔΟΣ'), foldCase('οδος'))
  })
})
