import assert from 'node:assert/strict'
import { it } from 'node:test'
import { toRfc3339 } from './time.ts'

const day = 86_400_000

it('an instant is written as RFC 3339 in UTC, to the millisecond', () => {
  assert.equal(toRfc3339(1_763_900_000_123), '2025-11-23T12:13:20.123Z')
  const edges = [0, 1, 999, 59_999, 60_000, 3_599_999, day - 1, day, -1, -day, -day - 1]
  const leap = Date.UTC(2024, 1, 29)
  const far = [Date.UTC(9999, 11, 31, 23, 59, 59, 999), Date.UTC(10_000, 0, 1), -62_135_596_800_000]
  for (const atMs of [...edges, leap - 1, leap, leap + day, ...far]) {
    assert.equal(toRfc3339(atMs), new Date(atMs).toISOString())
  }
})

it('what is no instant is a caller’s bug', () => {
  for (const atMs of [Number.NaN, Number.POSITIVE_INFINITY, 9e15]) {
    assert.throws(() => toRfc3339(atMs), RangeError)
  }
})

it('the days that are remembered are the right ones, however many come', () => {
  for (let number = 0; number < 2_500; number++) {
    const atMs = number * day * 3 + number
    assert.equal(toRfc3339(atMs), new Date(atMs).toISOString())
  }
})
