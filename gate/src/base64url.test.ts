import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { describe, it } from 'node:test'
import { decodeBase64url } from './base64url.ts'

describe('base64url', () => {
  it('reads what Node writes, for every length', () => {
    for (let length = 0; length < 200; length++) {
      const bytes = randomBytes(length)
      assert.deepEqual(Buffer.from(decodeBase64url(bytes.toString('base64url'))!), bytes)
    }
  })

  it('takes a text only when encoding the bytes again gives the same text', () => {
    const characters = 'ABQgwxyz019-_+/= \n.\u00e9'
    for (const a of characters) {
      for (const b of characters) {
        for (const c of characters) {
          for (const text of [a + b, a + b + c, `AAAA${a}${b}`, `${a}${b}${c}A`]) {
            const bytes = decodeBase64url(text)
            const canonical = Buffer.from(text, 'base64url').toString('base64url') === text
            assert.equal(bytes !== undefined, canonical, JSON.stringify(text))
            if (bytes !== undefined) assert.equal(Buffer.from(bytes).toString('base64url'), text)
          }
        }
      }
    }
  })

  for (const [why, text] of [
    ['padding', 'QQ=='],
    ['trailing bits after one byte', 'QR'],
    ['trailing bits after two bytes', 'QUJ'],
    ['a single left-over character', 'QUJDQ'],
    ['the alphabet of plain base64', '-_+/'],
    ['a line feed', 'QUJD\n'],
    ['a space inside', 'QU JD'],
    ['a letter outside ASCII', 'QUJ\u0141'],
    ['half of a surrogate pair', 'QUJ\ud800'],
  ] as const) {
    it(`refuses ${why}`, () => assert.equal(decodeBase64url(text), undefined))
  }
})
