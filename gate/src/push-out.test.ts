import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { pushingOut } from './push-out.ts'

function filled(capacity: number) {
  const map = new Map<unknown, unknown>()
  const pushOut = pushingOut(map, capacity)
  return {
    map,
    put(...keys: readonly unknown[]) {
      for (const key of keys) {
        map.set(key, true)
        pushOut()
      }
    },
    keys: () => [...map.keys()],
  }
}

describe('what is pushed out of a full map', () => {
  it('is the oldest, entry by entry', () => {
    const { put, keys } = filled(2)
    put('a', 'b', 'c')
    assert.deepEqual(keys(), ['b', 'c'])
    put('d')
    assert.deepEqual(keys(), ['c', 'd'])
  })

  it('is the oldest of those that are left when others were taken out, or put in again', () => {
    const { map, put, keys } = filled(3)
    put('a', 'b', 'c', 'd')
    map.delete('c')
    put('a', 'e')
    assert.deepEqual(keys(), ['d', 'a', 'e'])
  })

  it('is nothing while there is room, and the newest where there is none at all', () => {
    const roomy = filled(3)
    roomy.put('a', 'b', 'c')
    assert.deepEqual(roomy.keys(), ['a', 'b', 'c'])
    const none = filled(0)
    none.put('a', 'b')
    assert.deepEqual(none.keys(), [])
  })

  it('goes on after the map was emptied', () => {
    const { map, put, keys } = filled(2)
    put('a', 'b', 'c')
    map.clear()
    put('d', 'e', 'f')
    assert.deepEqual(keys(), ['e', 'f'])
  })

  it('is what a map of the same size would drop that looks for its oldest each time', () => {
    const capacity = 20
    const { map, put, keys } = filled(capacity)
    const plain = new Map<unknown, unknown>()
    for (let turn = 0; turn < 5_000; turn++) {
      // Of no pattern that repeats soon: some come back, some are taken out, and now and then nearly all are.
      const key = (turn * turn) % 977
      if (turn % 7 === 0) for (const from of [map, plain]) from.delete(key)
      if (turn % 500 === 0)
        for (const from of [map, plain]) for (const old of [...from.keys()].slice(2)) from.delete(old)
      put(key)
      plain.set(key, true)
      if (plain.size > capacity) plain.delete(plain.keys().next().value)
      assert.deepEqual(keys(), [...plain.keys()], `turn ${turn}`)
    }
  })
})
