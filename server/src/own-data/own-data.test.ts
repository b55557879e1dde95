import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { mergeNewest, takeNewest } from './own-data.ts'

async function* pagesOf(...pages: readonly (readonly number[])[]) {
  yield* pages
}

const eventsOf = (...ids: readonly number[]) => ids.map(id => ({ id, atMs: id * 1_000 }))

describe('the newest rows of a list', () => {
  it('are all of them where they are no more than the most, and are said to be complete', async () => {
    assert.deepEqual(await takeNewest(pagesOf([9, 8], [7]), 3), { rows: [9, 8, 7], isComplete: true })
  })

  it('are the first ones otherwise, which is said', async () => {
    assert.deepEqual(await takeNewest(pagesOf([9, 8], [7, 6]), 3), { rows: [9, 8, 7], isComplete: false })
  })
})

describe('several lists of events', () => {
  const whole = (...ids: readonly number[]) => ({ rows: eventsOf(...ids), isComplete: true })

  it('has each event once, the newest first', () => {
    assert.deepEqual(mergeNewest([whole(5, 3, 1), whole(5, 4), whole(2)]), whole(5, 4, 3, 2, 1))
  })

  it('is not complete where one was cut, or all together are too many', () => {
    const cut = { ...whole(5, 3), isComplete: false }
    assert.equal(mergeNewest([cut, whole(4)]).isComplete, false)
    assert.deepEqual(mergeNewest([whole(5, 3), whole(4)], 2), { ...whole(5, 4), isComplete: false })
  })
})
