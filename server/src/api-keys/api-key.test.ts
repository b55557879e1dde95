import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { systemRandom } from '../kernel/index.ts'
import { isApiKey, isSameHash, mintKey, readKey } from './api-key.ts'

describe('an API key as text', () => {
  const { key, prefix, hash } = mintKey(systemRandom)

  it('is propusk_, 12 characters that find it, 43 that prove it and 6 that check it', () => {
    assert.match(key, /^propusk_[0-9A-Za-z]{61}$/)
    assert.equal(key.slice(0, 20), prefix)
    assert.ok(isApiKey(key))
  })

  it('is read back as its prefix and the hash that is stored', () => {
    assert.deepEqual(readKey(key), { prefix, hash })
    assert.doesNotMatch(hash, /propusk/)
  })

  it('is not read with any one character changed, cut off or added', () => {
    for (let index = 0; index < key.length; index += 1) {
      const other = key[index] === 'x' ? 'y' : 'x'
      const changed = key.slice(0, index) + other + key.slice(index + 1)
      assert.equal(readKey(changed), undefined, changed)
    }
    for (const wrong of [key.slice(0, -1), `${key}0`, '', 'propusk_', key.toUpperCase()]) {
      assert.equal(readKey(wrong), undefined, wrong)
    }
  })

  it('keeps its prefix when it gets a new secret', () => {
    const next = mintKey(systemRandom, prefix)
    assert.equal(next.prefix, prefix)
    assert.notEqual(next.hash, hash)
    assert.deepEqual(readKey(next.key), { prefix, hash: next.hash })
  })

  it('uses each of the 62 characters about as often as the others', () => {
    const counts = new Map<string, number>()
    for (let made = 0; made < 2_000; made += 1) {
      for (const character of mintKey(systemRandom).key.slice(8, 63)) {
        counts.set(character, (counts.get(character) ?? 0) + 1)
      }
    }
    const expected = (2_000 * 55) / 62
    assert.equal(counts.size, 62)
    // Seven standard deviations: one run in many millions fails by chance.
    for (const [character, count] of counts) {
      assert.ok(Math.abs(count - expected) < 7 * Math.sqrt(expected), `${character}: ${count} of ${expected}`)
    }
  })

  it('is compared with a stored hash as a whole', () => {
    assert.ok(isSameHash(hash, hash))
    assert.ok(!isSameHash(hash, mintKey(systemRandom).hash))
    assert.ok(!isSameHash(hash, ''))
  })
})
