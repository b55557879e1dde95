import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createRecordBudget } from './record-budget.ts'

const hourMs = 3_600_000

describe('rows of the audit that strangers may cause', () => {
  it('are so many in an hour', () => {
    const records = createRecordBudget(2)
    records.spend(5)
    assert.equal(records.hasRoom(5), true)
    records.spend(6)
    assert.equal(records.hasRoom(7), false)
    assert.equal(records.hasRoom(5 + hourMs - 1), false)
    assert.equal(records.hasRoom(5 + hourMs), true)
  })

  it('are so many again when the clock is put back', () => {
    const records = createRecordBudget(1)
    records.spend(10 * hourMs)
    assert.equal(records.hasRoom(10 * hourMs), false)
    assert.equal(records.hasRoom(hourMs), true)
  })

  it('are counted once when there is no room', () => {
    const records = createRecordBudget(1)
    records.miss()
    records.miss(3)
    assert.equal(records.takeMissed(), 4)
    assert.equal(records.takeMissed(), 0)
  })
})
