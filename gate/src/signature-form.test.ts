import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { isCanonicalSignature } from './signature-form.ts'

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
