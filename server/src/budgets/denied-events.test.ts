import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { standingClock } from '../../../test/model/standing-clock.ts'
import type { UserId } from '../kernel/index.ts'
import { createBudget, createDeniedEvents } from './index.ts'

const [ann, bob] = [1 as UserId, 2 as UserId]

function deniedEvents() {
  const clock = standingClock()
  const told: [UserId, number][] = []
  const events = createDeniedEvents({
    budget: createBudget({ count: 3, perMs: 60_000, maxKeys: 100, clock }),
    clock,
    report: (userId, unrecorded) => told.push([userId, unrecorded]),
  })
  const many = (times: number, userId = ann) => Array.from({ length: times }, () => events.admit(userId))
  return { ...events, many, advance: clock.advance, step: clock.step, told }
}

describe('refused permissions of an account', () => {
  it('are all written within the budget', () => {
    const { many, told } = deniedEvents()
    assert.deepEqual(many(3), [{ unrecorded: 0 }, { unrecorded: 0 }, { unrecorded: 0 }])
    assert.deepEqual(told, [])
  })

  it('are only counted beyond it, and the next row carries how many there were', () => {
    const { many, advance, admit } = deniedEvents()
    assert.deepEqual(many(10).slice(3), Array(7).fill(undefined))
    advance(20_000)
    assert.deepEqual(admit(ann), { unrecorded: 7 })
    advance(20_000)
    assert.deepEqual(admit(ann), { unrecorded: 0 })
  })

  it('are told to the log at most once a minute, and none is left out', () => {
    const { many, advance, step, told, tellRest } = deniedEvents()
    many(1003)
    assert.deepEqual(told, [[ann, 1]])
    advance(59_000)
    many(2 + 1)
    step(3_600_000)
    tellRest('due')
    assert.deepEqual(told, [[ann, 1]], 'the minute is not over')
    advance(1000)
    tellRest('due')
    assert.deepEqual(told, [
      [ann, 1],
      [ann, 1000],
    ])
    many(1 + 1)
    tellRest('due')
    assert.equal(told.length, 2)
    tellRest('all')
    tellRest('all')
    assert.deepEqual(told.slice(2), [[ann, 1]])
  })

  it('spend nothing of another account', () => {
    const { many, admit } = deniedEvents()
    many(100)
    assert.deepEqual(admit(bob), { unrecorded: 0 })
  })

  it('whose row could not be written are told with the next one', () => {
    const { admit, many, advance, returnUnrecorded } = deniedEvents()
    many(5)
    advance(20_000)
    const event = admit(ann)
    assert.deepEqual(event, { unrecorded: 2 })
    returnUnrecorded(ann, 2 + 1)
    advance(20_000)
    assert.deepEqual(admit(ann), { unrecorded: 3 })
  })
})
