import assert from 'node:assert/strict'
import { it } from 'node:test'
import { toRfc3339 } from './time.ts'

it('an instant is written as RFC 3339 in UTC, to the millisecond', () => {
  const instants = {
    '2025-11-23T12:13:20.123Z': 1_763_900_000_123,
    '1970-01-01T00:00:00.000Z': 0,
    '1970-01-01T23:59:59.999Z': 86_399_999,
    '1969-12-31T23:59:59.999Z': -1,
    '2024-02-29T00:00:00.000Z': 1_709_164_800_000,
    '9999-12-31T23:59:59.999Z': 253_402_300_799_999,
  }
  for (const [text, atMs] of Object.entries(instants)) assert.equal(toRfc3339(atMs), text)
})

it('what is no instant is a caller’s bug', () => {
  for (const atMs of [Number.NaN, Number.POSITIVE_INFINITY, 9e15]) {
    assert.throws(() => toRfc3339(atMs), RangeError)
  }
})
