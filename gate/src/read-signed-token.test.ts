import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { describe, it } from 'node:test'
import { decodeBase64url, isCanonicalSignature } from './read-signed-token.ts'

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

const n = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
const l = 2n ** 252n + 27742317777372353535851937790883648493n

const es256 = (s: bigint) => Buffer.from(`${'01'.repeat(32)}${s.toString(16).padStart(64, '0')}`, 'hex')
const eddsa = (s: bigint) =>
  Buffer.concat([Buffer.alloc(32, 1), Buffer.from(s.toString(16).padStart(64, '0'), 'hex').reverse()])

describe('the form of a signature', () => {
  it('takes an ES256 signature whose s is at most half of the order, and no other', () => {
    for (const s of [1n, n / 2n - 1n, n / 2n]) assert.equal(isCanonicalSignature('ES256', es256(s)), true)
    for (const s of [n / 2n + 1n, n - 1n, n, 2n ** 256n - 1n]) {
      assert.equal(isCanonicalSignature('ES256', es256(s)), false)
    }
  })

  it('takes an EdDSA signature whose S is below the order, and no other', () => {
    for (const s of [0n, 1n, l - 1n]) assert.equal(isCanonicalSignature('EdDSA', eddsa(s)), true)
    for (const s of [l, l + 1n, 2n ** 256n - 1n]) assert.equal(isCanonicalSignature('EdDSA', eddsa(s)), false)
  })

  it('takes 64 bytes, neither fewer nor more', () => {
    for (const length of [0, 1, 32, 63, 65, 70, 72, 128]) {
      assert.equal(isCanonicalSignature('ES256', new Uint8Array(length)), false)
      assert.equal(isCanonicalSignature('EdDSA', new Uint8Array(length)), false)
    }
  })
})
