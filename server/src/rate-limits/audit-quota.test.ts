import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { stoppedClock } from '../../../test/support/stopped-clock.ts'
import type { UserId } from '../kernel/index.ts'
import { AuditQuota, DeniedEventQuota, RateLimiter } from './index.ts'

const hourMs = 3_600_000
const [ann, bob] = [1 as UserId, 2 as UserId]

describe('the quota of audit events that unauthenticated callers cause', () => {
  it('accepts so many audit events in an hour', () => {
    const quota = new AuditQuota(2)
    assert.equal(quota.tryTake(5), true)
    assert.equal(quota.tryTake(6), true)
    assert.equal(quota.tryTake(7), false)
    assert.equal(quota.tryTake(5 + hourMs - 1), false)
    assert.equal(quota.tryTake(5 + hourMs), true)
  })

  it('accepts as many audit events again when the clock is put back', () => {
    const quota = new AuditQuota(1)
    quota.tryTake(10 * hourMs)
    assert.equal(quota.tryTake(10 * hourMs), false)
    assert.equal(quota.tryTake(hourMs), true)
  })

  it('reports suppressed audit events once, and again when the report failed', async () => {
    const reports: number[] = []
    const report = async (suppressed: number) => void reports.push(suppressed)
    const quota = new AuditQuota(1)
    await quota.flush(report)
    quota.tryTake(0)
    quota.tryTake(0)
    quota.tryTake(0, 3)
    await assert.rejects(quota.flush(async () => assert.fail('no database')))
    await quota.flush(report)
    await quota.flush(report)
    assert.deepEqual(reports, [4])
  })
})

function deniedEvents() {
  const clock = stoppedClock()
  const reports: [UserId, number][] = []
  const quota = new DeniedEventQuota({
    limiter: new RateLimiter({ count: 3, perMs: 60_000 }, { maxKeys: 100, clock }),
    clock,
    report: (userId, suppressed) => reports.push([userId, suppressed]),
  })
  const many = (times: number, userId = ann) => Array.from({ length: times }, () => quota.tryTake(userId))
  return { quota, many, advance: clock.advance, step: clock.step, reports }
}

describe('the quota of denied permissions of an account', () => {
  it('accepts all denied permissions within the quota', () => {
    const { many, reports } = deniedEvents()
    assert.deepEqual(many(3), [{ suppressed: 0 }, { suppressed: 0 }, { suppressed: 0 }])
    assert.deepEqual(reports, [])
  })

  it('only counts denied permissions beyond the quota, and gives their number with the next accepted one', () => {
    const { quota, many, advance } = deniedEvents()
    assert.deepEqual(many(10).slice(3), Array(7).fill(undefined))
    advance(20_000)
    assert.deepEqual(quota.tryTake(ann), { suppressed: 7 })
    advance(20_000)
    assert.deepEqual(quota.tryTake(ann), { suppressed: 0 })
  })

  it('reports denied permissions to the log at most once a minute, and leaves none out', () => {
    const { quota, many, advance, step, reports } = deniedEvents()
    many(1003)
    assert.deepEqual(reports, [[ann, 1]])
    advance(59_000)
    many(2 + 1)
    step(3_600_000)
    quota.flush('due')
    assert.deepEqual(reports, [[ann, 1]], 'the minute is not over')
    advance(1000)
    quota.flush('due')
    assert.deepEqual(reports, [
      [ann, 1],
      [ann, 1000],
    ])
    many(1 + 1)
    quota.flush('due')
    assert.equal(reports.length, 2)
    quota.flush('all')
    quota.flush('all')
    assert.deepEqual(reports.slice(2), [[ann, 1]])
  })

  it('takes nothing from the quota of another account', () => {
    const { quota, many } = deniedEvents()
    many(100)
    assert.deepEqual(quota.tryTake(bob), { suppressed: 0 })
  })

  it('gives the number of an event that could not be written with the next one', () => {
    const { quota, many, advance } = deniedEvents()
    many(5)
    advance(20_000)
    assert.deepEqual(quota.tryTake(ann), { suppressed: 2 })
    quota.putBack(ann, 2 + 1)
    advance(20_000)
    assert.deepEqual(quota.tryTake(ann), { suppressed: 3 })
  })
})
