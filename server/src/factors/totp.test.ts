import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { systemRandom, type UserId } from '../kernel/index.ts'
import { canonicalRecoveryCode, newRecoveryCode } from './recovery-codes.ts'
import { decryptTotpSecret, encryptTotpSecret, newTotpSecret, stepOfCode, totpUri } from './totp.ts'

/** The ASCII secret `12345678901234567890` of RFC 6238, in base32. */
const secretOfRfc = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'

describe('codes by time', () => {
  // RFC 6238 appendix B, the last six of its eight digits.
  for (const [seconds, code] of [
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_111_111_111, '050471'],
    [1_234_567_890, '005924'],
    [2_000_000_000, '279037'],
    [20_000_000_000, '353130'],
  ] as const) {
    it(`are those of RFC 6238 (${seconds})`, () => {
      assert.equal(stepOfCode(secretOfRfc, code, seconds * 1000), Math.floor(seconds / 30))
    })
  }

  it('are taken of one step around the server’s clock, and none further away', () => {
    const at = (steps: number) => stepOfCode(secretOfRfc, '287082', (59 + steps * 30) * 1000)
    assert.deepEqual([-2, -1, 0, 1, 2].map(at), [undefined, 1, 1, 1, undefined])
  })

  it('have secrets of 160 bits, which open for their account alone', () => {
    const vault = { key: systemRandom.bytes(32), random: systemRandom }
    const secret = newTotpSecret(systemRandom)
    assert.match(secret, /^[A-Z2-7]{32}$/)
    const encrypted = encryptTotpSecret(vault, 7 as UserId, secret)
    assert.equal(decryptTotpSecret(vault, 7 as UserId, encrypted), secret)
    assert.throws(() => decryptTotpSecret(vault, 8 as UserId, encrypted), /another PROPUSK_MASTER_KEY/)
    assert.match(totpUri(secret, { issuer: 'id.example', email: 'a@b.example' }), /^otpauth:\/\/totp\//)
  })
})

describe('recovery codes', () => {
  it('are 10,000 different ones of 80 bits, with each letter as often as any', () => {
    const counts = new Map<string, number>()
    const seen = new Set<string>()
    for (let i = 0; i < 10_000; i++) {
      const code = newRecoveryCode(systemRandom)
      assert.match(code, /^(?:[0-9a-hjkmnp-tv-z]{4}-){3}[0-9a-hjkmnp-tv-z]{4}$/)
      seen.add(code)
      for (const letter of code.replaceAll('-', '')) counts.set(letter, (counts.get(letter) ?? 0) + 1)
    }
    assert.equal(seen.size, 10_000)
    assert.equal(counts.size, 32)
    const expected = 160_000 / 32
    const chiSquare = [...counts.values()].reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
    // 31 degrees of freedom: one run in a million is beyond.
    assert.ok(chiSquare < 90, String(chiSquare))
  })

  it('are read without regard to case, spaces, hyphens and look-alikes', () => {
    assert.equal(canonicalRecoveryCode(' 4JQ2 8xtm-Ovwr-c5nI '), '4jq28xtm0vwrc5n1')
  })
})
