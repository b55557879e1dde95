import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { limit } from './parse-limit.ts'

describe('a limit', () => {
  it('is a count in a duration', () => {
    assert.deepEqual(limit('600/1m'), { value: { count: 600, perSeconds: 60 } })
    assert.deepEqual(limit('1/30d'), { value: { count: 1, perSeconds: 2_592_000 } })
    assert.deepEqual(limit('100000000/1s'), { value: { count: 100_000_000, perSeconds: 1 } })
  })

  it('is none at all when it is off', () => assert.deepEqual(limit('off'), { value: undefined }))

  for (const text of [
    '600',
    '600/',
    '/1m',
    '0/1m',
    '-1/1m',
    '1e3/1m',
    '600/0s',
    '600/31d',
    '600/60',
    '600/1m/1m',
    ' 600/1m',
    'OFF',
    '100000001/1s',
    '600 / 1m',
  ]) {
    it(`${JSON.stringify(text)} is none`, () => assert('fault' in limit(text)))
  }
})
