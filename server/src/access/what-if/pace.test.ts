import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { AccessChange, AccessModel } from './access-model.ts'
import { applyChanges } from './apply-changes.ts'
import { compareModels, createBaseline } from './compare-models.ts'
import { Pace, unitsPerPortion } from './pace.ts'

const resources = Array.from({ length: 500 }, (_, at) => `resource-${at}`)
const actions = Array.from({ length: 10 }, (_, at) => `action-${at}`)
const permissions = resources.flatMap(resource => actions.map(action => `${resource}:${action}`))
const grants = 105_000

/** So many roles with equally many grants each. */
function modelOf(roles: number): AccessModel {
  const held = (at: number) =>
    Array.from({ length: grants / roles }, (_, index) => permissions[(at * 7 + index) % permissions.length]!)
  return {
    resources: new Map(resources.map(name => [name, false])),
    actions: new Map(actions.map(name => [name, false])),
    roles: new Map(Array.from({ length: roles }, (_, at) => [`role-${at}`, new Set(held(at))])),
    users: new Map(),
    activeSuperusers: 1,
  }
}

/** Counts what is taken out of sets, by their iterators: at most between two turns, and in all. */
async function looksOf(work: (turn: () => Promise<void>) => Promise<unknown>) {
  const iterate = Set.prototype[Symbol.iterator]
  const seen = { most: 0, sinceTurn: 0, all: 0, turns: 0 }
  Set.prototype[Symbol.iterator] = function* (this: Set<unknown>) {
    for (const value of { [Symbol.iterator]: () => iterate.call(this) }) {
      seen.all += 1
      seen.sinceTurn += 1
      seen.most = Math.max(seen.most, seen.sinceTurn)
      yield value
    }
    return undefined
  }
  try {
    await work(async () => {
      seen.turns += 1
      seen.sinceTurn = 0
    })
  } finally {
    Set.prototype[Symbol.iterator] = iterate
  }
  return seen
}

describe('a preview of 400 deletions among 105,000 grants', () => {
  const changes = resources
    .slice(0, 400)
    .map((resource): AccessChange => ({ kind: 'delete_resource', resource }))

  for (const roles of [21, 210, 1050]) {
    it(`looks at no more than ${unitsPerPortion} grants between two turns of the event loop, in ${roles} roles`, async () => {
      const { most, all, turns } = await looksOf(async turn => {
        const pace = new Pace(turn)
        const baseline = await createBaseline(modelOf(roles), pace)
        const { model } = await applyChanges(baseline.model, changes, pace)
        const { touched } = await compareModels(baseline, model, pace)
        assert.ok(touched.length > 0)
      })
      assert.ok(all >= 2 * grants, 'it looks at each of them when it reads the model, and when it deletes')
      assert.ok(most <= unitsPerPortion, `${most} at once`)
      assert.ok(turns >= Math.floor(all / unitsPerPortion), `${turns} turns`)
    })
  }

  it('numbers pairs in the order of their names, however those of resources begin', async () => {
    const odd = ['a', 'a-b', 'a_b', 'ab', 'a0']
    const model = { ...modelOf(21), resources: new Map(odd.map(name => [name, false])) }
    const { space } = await createBaseline(model, new Pace())
    const names = await space.names(space.everything(model), new Pace())
    assert.equal(names.length, odd.length * actions.length)
    assert.deepEqual(names, names.toSorted())
  })
})

describe('a pace', () => {
  it('lets the event loop turn once a portion is full, and counts anew from there', async () => {
    let turns = 0
    const pace = new Pace(async () => void turns++)
    for (let portion = 1; portion <= 3; portion++) {
      for (let unit = 1; unit < unitsPerPortion; unit++) assert.equal(pace.did(1), undefined)
      await pace.did(1)
      assert.equal(turns, portion)
    }
  })
})
