import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { stoppedClock } from '../../../test/support/stopped-clock.ts'
import { Rejection } from '../kernel/index.ts'
import { RateLimiter } from './index.ts'

const limiterOf = (count: number, perMs: number, maxKeys = 100) => {
  const clock = stoppedClock()
  return { clock, limiter: new RateLimiter({ count, perMs }, { maxKeys, clock }) }
}

describe('a rate limiter', () => {
  it('lets the whole count through at once and not one more', () => {
    for (const [count, perMs] of [
      [1, 1000],
      [7, 60_000],
      [600, 60_000],
      [30_000, 60_000],
      [1_200_000, 60_000],
    ] as const) {
      const { limiter } = limiterOf(count, perMs)
      for (let taken = 0; taken < count; taken++)
        assert.equal(limiter.tryTake('a').ok, true, `${taken} of ${count}`)
      assert.equal(limiter.tryTake('a').ok, false, `one more than ${count}`)
    }
  })

  it('gives back evenly as time passes, and never more than the count', () => {
    const { limiter, clock } = limiterOf(60, 60_000)
    for (let taken = 0; taken < 60; taken++) limiter.tryTake('a')
    clock.advance(999)
    assert.equal(limiter.tryTake('a').ok, false)
    clock.advance(1)
    assert.equal(limiter.tryTake('a').ok, true)
    assert.equal(limiter.tryTake('a').ok, false)
    clock.advance(86_400_000)
    for (let taken = 0; taken < 60; taken++) assert.equal(limiter.tryTake('a').ok, true)
    assert.equal(limiter.tryTake('a').ok, false)
  })

  it('a rate limiter answers a time after which the same cost passes', () => {
    const { limiter, clock } = limiterOf(60, 60_000)
    limiter.tryTake('a', 60)
    const refused = limiter.tryTake('a', 20)
    assert.deepEqual(refused, { ok: false, retryAfterSeconds: 20 })
    clock.advance(20_000)
    assert.equal(limiter.tryTake('a', 20).ok, true)
  })

  it('takes nothing for what it refuses', () => {
    const { limiter, clock } = limiterOf(2, 2000)
    limiter.tryTake('a', 2)
    for (let tries = 0; tries < 100; tries++) assert.equal(limiter.tryTake('a').ok, false)
    clock.advance(1000)
    assert.equal(limiter.tryTake('a').ok, true)
  })

  it('keeps each key apart from the others, a number from its digits too', () => {
    const { limiter } = limiterOf(1, 1000)
    assert.equal(limiter.tryTake('1').ok, true)
    assert.equal(limiter.tryTake(1).ok, true)
    assert.equal(limiter.tryTake('b').ok, true)
    assert.equal(limiter.tryTake('1').ok, false)
  })

  it('lets a cost beyond the whole bucket pass when nothing is taken, and takes all of it', () => {
    const { limiter } = limiterOf(10, 1000)
    assert.equal(limiter.tryTake('a', 100).ok, true)
    assert.equal(limiter.tryTake('a').ok, false)
  })

  it('looks at no wall clock: set forward it refills nothing, set back it holds no caller longer', () => {
    for (const stepMs of [86_400_000, -86_400_000]) {
      const { limiter, clock } = limiterOf(10, 1000)
      limiter.tryTake('a', 10)
      clock.step(stepMs)
      const refused = limiter.tryTake('a')
      assert(!refused.ok && refused.retryAfterSeconds === 1)
      clock.advance(1000)
      assert.equal(limiter.tryTake('a', 10).ok, true)
    }
  })

  it('a full rate limiter keeps active keys and forgets idle ones', () => {
    const { limiter } = limiterOf(1, 60_000, 100)
    limiter.tryTake('silent')
    limiter.tryTake('active')
    for (let stranger = 0; stranger < 1000; stranger++) {
      assert.equal(limiter.tryTake(stranger).ok, true)
      assert.equal(limiter.tryTake('active').ok, false)
    }
    assert.equal(limiter.tryTake('silent').ok, true)
  })

  it('remembers at least half as many keys as it may, and never more', () => {
    const { limiter } = limiterOf(1, 60_000, 1000)
    for (let key = 0; key < 100_000; key++) limiter.tryTake(key)
    let remembered = 0
    for (let key = 99_999; key >= 0; key--) {
      if (limiter.tryTake(key).ok) break
      remembered += 1
    }
    assert(remembered >= 500 && remembered <= 1000, String(remembered))
  })

  it('passes everything when its setting is off', () => {
    const limiter = new RateLimiter(undefined, { maxKeys: 1, clock: stoppedClock() })
    for (let taken = 0; taken < 1000; taken++) assert.equal(limiter.tryTake('a', 1000).ok, true)
  })

  it('rejects with an error that says when to come back', () => {
    const { limiter } = limiterOf(1, 5000)
    limiter.take('a')
    assert.throws(
      () => limiter.take('a'),
      (error: unknown) =>
        error instanceof Rejection && error.code === 'too_many_requests' && error.retryAfterSeconds === 5,
    )
  })
})
