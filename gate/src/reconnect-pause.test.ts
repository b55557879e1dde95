import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { reconnectPauseMs } from './reconnect-pause.ts'

const evenly = (count: number) => Array.from({ length: count }, (_, at) => at / count)

describe('the pause before a follower comes back', () => {
  it('spreads 50 followers of a server that went away evenly over a second: five in each tenth of it', () => {
    const tenths = new Array<number>(10).fill(0)
    for (const random of evenly(50)) tenths[Math.floor(reconnectPauseMs(0, 5_000, random) / 100)]! += 1
    assert.deepEqual(tenths, new Array(10).fill(5))
  })

  it('is a quarter of its bound at most for a follower with a short one, the first time', () => {
    for (const random of evenly(50)) assert.ok(reconnectPauseMs(0, 1_000, random) < 250)
  })

  it('grows with each failure, up to five seconds', () => {
    const limits = [0, 1, 2, 3, 10, 2_000].map(failures => reconnectPauseMs(failures, 5_000, 1))
    assert.deepEqual(limits, [1_000, 2_000, 4_000, 5_000, 5_000, 5_000])
  })
})
