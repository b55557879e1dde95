import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { systemRandom } from './index.ts'

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

describe('chance', () => {
  it('gives as many bytes as it is asked for', () => {
    for (const length of [0, 1, 12, 100_000]) {
      assert.equal(systemRandom.bytes(length).length, length)
    }
  })

  it('gives nothing twice', () => {
    const seen = new Set(Array.from({ length: 5_000 }, () => hex(systemRandom.bytes(16))))
    assert.equal(seen.size, 5_000)
  })

  it('makes ids that are ordered by time and say which kind of id they are', () => {
    const ids = [1_700_000_000_000, 1_700_000_000_001, 1_900_000_000_000].map(systemRandom.orderedUuid)
    assert.deepEqual(ids, ids.toSorted())
    for (const id of ids)
      assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  })
})
