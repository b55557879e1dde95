import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { standingClock } from '../../../test/model/standing-clock.ts'
import { Rejection } from '../kernel/index.ts'
import { charge, createBudget, createBudgetOf } from './index.ts'

const budgetOf = (count: number, perMs: number, maxKeys = 100) => {
  const clock = standingClock()
  return { clock, budget: createBudget({ count, perMs, maxKeys, clock }) }
}

describe('a budget', () => {
  it('lets the whole count through at once and not one more', () => {
    for (const [count, perMs] of [
      [1, 1000],
      [7, 60_000],
      [600, 60_000],
      [30_000, 60_000],
      [1_200_000, 60_000],
    ] as const) {
      const { budget } = budgetOf(count, perMs)
      for (let spent = 0; spent < count; spent++)
        assert.equal(budget.spend('a').ok, true, `${spent} of ${count}`)
      assert.equal(budget.spend('a').ok, false, `one more than ${count}`)
    }
  })

  it('gives back evenly as time passes, and never more than the count', () => {
    const { budget, clock } = budgetOf(60, 60_000)
    for (let spent = 0; spent < 60; spent++) budget.spend('a')
    clock.advance(999)
    assert.equal(budget.spend('a').ok, false)
    clock.advance(1)
    assert.equal(budget.spend('a').ok, true)
    assert.equal(budget.spend('a').ok, false)
    clock.advance(86_400_000)
    for (let spent = 0; spent < 60; spent++) assert.equal(budget.spend('a').ok, true)
    assert.equal(budget.spend('a').ok, false)
  })

  it('tells a time after which the same spending passes', () => {
    const { budget, clock } = budgetOf(60, 60_000)
    budget.spend('a', 60)
    const refused = budget.spend('a', 20)
    assert.deepEqual(refused, { ok: false, retryAfterSeconds: 20 })
    clock.advance(20_000)
    assert.equal(budget.spend('a', 20).ok, true)
  })

  it('takes nothing for what it refuses', () => {
    const { budget, clock } = budgetOf(2, 2000)
    budget.spend('a', 2)
    for (let tries = 0; tries < 100; tries++) assert.equal(budget.spend('a').ok, false)
    clock.advance(1000)
    assert.equal(budget.spend('a').ok, true)
  })

  it('keeps each key apart from the others, a number from its digits too', () => {
    const { budget } = budgetOf(1, 1000)
    assert.equal(budget.spend('1').ok, true)
    assert.equal(budget.spend(1).ok, true)
    assert.equal(budget.spend('b').ok, true)
    assert.equal(budget.spend('1').ok, false)
  })

  it('lets a cost beyond the whole budget pass when nothing is spent, and takes all of it', () => {
    const { budget } = budgetOf(10, 1000)
    assert.equal(budget.spend('a', 100).ok, true)
    assert.equal(budget.spend('a').ok, false)
  })

  it('looks at no wall clock: set forward it refills nothing, set back it holds no caller longer', () => {
    for (const stepMs of [86_400_000, -86_400_000]) {
      const { budget, clock } = budgetOf(10, 1000)
      budget.spend('a', 10)
      clock.step(stepMs)
      const refused = budget.spend('a')
      assert(!refused.ok && refused.retryAfterSeconds === 1)
      clock.advance(1000)
      assert.equal(budget.spend('a', 10).ok, true)
    }
  })

  it('remembers who is active and forgets who was silent, when too many call', () => {
    const { budget } = budgetOf(1, 60_000, 100)
    budget.spend('silent')
    budget.spend('active')
    for (let stranger = 0; stranger < 1000; stranger++) {
      assert.equal(budget.spend(stranger).ok, true)
      assert.equal(budget.spend('active').ok, false)
    }
    assert.equal(budget.spend('silent').ok, true)
  })

  it('remembers at least half as many keys as it may, and never more', () => {
    const { budget } = budgetOf(1, 60_000, 1000)
    for (let key = 0; key < 100_000; key++) budget.spend(key)
    let remembered = 0
    for (let key = 99_999; key >= 0; key--) {
      if (budget.spend(key).ok) break
      remembered += 1
    }
    assert(remembered >= 500 && remembered <= 1000, String(remembered))
  })

  it('passes everything when its setting is off', () => {
    const budget = createBudgetOf(undefined, { maxKeys: 1, clock: standingClock() })
    for (let spent = 0; spent < 1000; spent++) assert.equal(budget.spend('a', 1000).ok, true)
  })

  it('is charged with a rejection that says when to come back', () => {
    const { budget } = budgetOf(1, 5000)
    charge(budget, 'a')
    assert.throws(
      () => charge(budget, 'a'),
      (error: unknown) =>
        error instanceof Rejection && error.code === 'too_many_requests' && error.retryAfterSeconds === 5,
    )
  })
})
