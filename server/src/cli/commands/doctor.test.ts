import assert from 'node:assert/strict'
import { it } from 'node:test'
import { eachEngine } from '../../../../test/support/engines.ts'
import type { Core } from '../../core.ts'
import { nodeStore } from '../../nodes/index.ts'
import { checks } from './doctor.ts'

eachEngine('what doctor says of a clock', (open, { engine }) => {
  it('is how far off that of the database it is, where that has one of its own', async () => {
    const database = await open()
    const { run } = checks.find(({ name }) => name === 'clock')!
    const says = (offMs: number) => {
      const clock = { nowMs: () => Date.now() + offMs, monotonicMs: () => performance.now() }
      return run(
        { database, clock, stores: { nodes: nodeStore(database.read) } } as unknown as Core,
        name => name,
        () => {},
      )
    }
    assert.equal(await says(0), undefined)
    const [ahead, behind] = [await says(90_000), await says(-90_000)]
    if (engine === 'sqlite') assert.deepEqual([ahead, behind], [undefined, undefined])
    else {
      assert.match(ahead!, /^it is (?:89|90|91) s ahead of that of the database: set both, with NTP\./)
      assert.match(behind!, /^it is (?:89|90|91) s behind that of the database: set both, with NTP\./)
    }
  })
})
