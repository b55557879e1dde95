import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { it } from 'node:test'
import { chance, pick } from '../test/chance.ts'
import { uuidAt } from '../test/issuer.ts'
import { createSessionTable, isUuidAt } from './session-table.ts'

it('a table of sessions remembers as a map would, whatever is added and forgotten in whatever order', () => {
  const random = chance(21)
  // Alike but for a few digits, in any place, and others like nothing.
  const uuids = [
    ...Array.from({ length: 400 }, (_, at) => uuidAt(1_800_000_000_000 + at)),
    ...Array.from({ length: 400 }, (_, at) => uuidAt(1_800_000_000_000, at.toString(16).padStart(12, '0'))),
    ...Array.from({ length: 400 }, () => randomUUID()),
  ]
  for (let world = 0; world < 20; world++) {
    const table = createSessionTable()
    const map = new Map<string, number>()
    let forgotten = 0
    for (let step = 0; step < 3_000; step++) {
      const uuid = pick(random, uuids)
      const minute = 1 + Math.floor(random() * 50) + Math.floor(step / 50)
      if (random() < 0.01) {
        table.forget(minute)
        forgotten = Math.max(forgotten, minute)
        for (const [known, until] of map) if (until <= minute) map.delete(known)
      } else if (random() < 0.6) {
        table.add(`,${uuid},`, 1, minute)
        map.set(uuid, Math.max(map.get(uuid) ?? 0, minute))
      }
      // What is kept until a minute that is past changes no answer: whoever asks compares it with the present one.
      const [found, expected] = [table.untilMinuteOf(uuid), map.get(uuid) ?? 0]
      assert.ok(found === expected || (found > expected && found <= forgotten), `${found}, not ${expected}`)
    }
    const last = Math.max(...map.values())
    table.forget(last - 1)
    table.forget(last)
    assert.deepEqual([...table.capture()()], [])
  }
})

it('finds a canonical uuid in a text, and nothing else', () => {
  const uuid = randomUUID()
  assert.equal(isUuidAt(`x${uuid}x`, 1), true)
  const shouted = '0190A1B2-7c3d-7e4f-8a5b-6c7d8e9fa0b1'
  for (const wrong of [
    shouted,
    uuid.replace('-', '0'),
    `${uuid.slice(0, 35)}g`,
    uuid.slice(1),
    `${uuid.slice(0, 35)}é`,
  ]) {
    assert.equal(isUuidAt(wrong, 0), false, wrong)
  }
})
