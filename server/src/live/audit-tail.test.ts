import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { engines } from '../../../test/support/engines.ts'
import { testWorld, type World } from '../../../test/support/world.ts'
import { createAuditTail } from './audit-tail.ts'

const event = (target: string) => ({ actorId: null, action: 'role.create', target, origin: null }) as const

for (const engine of engines) {
  describe(`the tail of the audit on ${engine}`, async () => {
    const world = await testWorld({ engine })
    const { core, clock } = world
    const append = (...targets: string[]) =>
      core.transaction(({ audit }) => audit.appendAll(targets.map(event), clock.nowMs()))
    const tailOf = ({ core, clock }: World) => createAuditTail(core.stores.audit, clock)
    const read = async (tail: ReturnType<typeof tailOf>) => {
      const { events } = await tail.read()
      return events.map(({ target }) => target)
    }

    it('gives what is written after its beginning, each event once and in its order', async () => {
      await append('before')
      const tail = tailOf(world)
      assert.deepEqual(await read(tail), [], 'it has not begun')
      await tail.begin()
      await append('one', 'two')
      await tail.begin()
      assert.deepEqual(await read(tail), ['one', 'two'])
      assert.deepEqual(await read(tail), [])
      await append('three')
      assert.deepEqual(await read(tail), ['three'])
    })

    it('begins anew after a rest, with what is written from then on', async () => {
      const tail = tailOf(world)
      await tail.begin()
      tail.rest()
      await append('unheard')
      await tail.begin()
      await append('heard')
      assert.deepEqual(await read(tail), ['heard'])
    })

    it('takes a bounded number at a time, and says that there is more', async () => {
      const tail = tailOf(world)
      await tail.begin()
      const targets = Array.from({ length: 1_203 }, (_, index) => `many/${index}`)
      await append(...targets)
      const seen: (string | null)[] = []
      const sizes: number[] = []
      for (let isMore = true; isMore; ) {
        const read = await tail.read()
        sizes.push(read.events.length)
        seen.push(...read.events.map(({ target }) => target))
        isMore = read.isMore
      }
      assert.deepEqual(seen, targets)
      assert.deepEqual(sizes, [200, 200, 200, 200, 200, 200, 3])
    })

    it('does not miss an event of a transaction that takes its time, wherever its id stands', async () => {
      if (engine === 'sqlite') return
      const tail = tailOf(world)
      const [started, go] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
      const slow = core.transaction(async ({ audit }) => {
        await audit.append(event('late'), clock.nowMs())
        started.resolve()
        await go.promise
      })
      await started.promise
      await append('early')
      await tail.begin()
      await append('next')
      assert.deepEqual(await read(tail), ['next'])
      assert.deepEqual(await read(tail), [])
      go.resolve()
      await slow
      assert.deepEqual(await read(tail), ['late'])
      assert.deepEqual(await read(tail), [])
    })

    it('the tail of the audit skips an id whose event never comes', async () => {
      const tail = tailOf(world)
      await tail.begin()
      const undone = core.transaction(async ({ audit }) => {
        await audit.append(event('undone'), clock.nowMs())
        throw new Error('no')
      })
      await assert.rejects(undone, /no/)
      await append('done')
      assert.deepEqual(await read(tail), ['done'])
      const asked: number[] = []
      const counting = createAuditTail(
        {
          newestIds: async () => [1, 5],
          async tail(_after, also) {
            asked.push(also.length)
            return []
          },
        },
        clock,
      )
      await counting.begin()
      await counting.read()
      clock.advance(10_001)
      await counting.read()
      await counting.read()
      assert.deepEqual(asked, [3, 3, 0])
    })
  })
}
