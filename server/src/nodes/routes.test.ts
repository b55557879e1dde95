import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { engines, freshDatabaseUrl } from '../../../test/support/engines.ts'
import { testClock, testWorld } from '../../../test/support/world.ts'
import { version } from '../assets.ts'

interface Seen {
  readonly id: string
  readonly is_alive: boolean
  readonly is_this_one: boolean
}

for (const engine of engines) {
  describe(`the nodes, on ${engine}`, async () => {
    const databaseUrl = await freshDatabaseUrl(engine)
    const clock = testClock()
    const one = await testWorld({ databaseUrl, clock })
    const two = await testWorld({ databaseUrl, clock })
    const reader = await one.withPermissions('server:read')
    const list = async (node = one) => {
      // Also where the clock has gone past the life of a token.
      const { access } = await node.login(reader)
      const { status, body, text } = await node.call('GET', '/server/nodes/', { token: access })
      assert.equal(status, 200, text)
      return body
    }
    const idOf = async (node = one) => {
      const { access } = await node.login(reader)
      return (await node.call('GET', '/server/settings/', { token: access })).body.node
    }

    it('are in the list after their first heartbeat, each as itself', async () => {
      assert.deepEqual(await list(), [])
      await one.server.introduce()
      await two.server.introduce()
      const [first, second] = await Promise.all([list(one), list(two)])
      assert.equal(first.length, 2)
      const ownId = (nodes: readonly Seen[]) => nodes.find(node => node.is_this_one)?.id
      assert.deepEqual([ownId(first), ownId(second)], [await idOf(one), await idOf(two)])
      for (const node of first) assert.deepEqual([node.version, node.is_alive], [version, true])
    })

    it('send a heartbeat every minute, with the lease or without', async () => {
      clock.advance(60_000)
      assert.deepEqual(
        [await one.server.housekeeping.look(), await two.server.housekeeping.look()],
        [true, false],
      )
      for (const node of await list()) {
        assert.ok(clock.nowMs() - Date.parse(node.seen_at) < 30_000)
        assert.ok(clock.nowMs() - Date.parse(node.started_at) >= 60_000)
      }
    })

    it('are silent after two missed heartbeats, and gone a day later', async () => {
      clock.advance(160_000)
      await one.server.housekeeping.look()
      const [first, second] = await list()
      assert.deepEqual([first.is_this_one, first.is_alive], [true, true])
      assert.deepEqual([second.is_this_one, second.is_alive], [false, false])
      clock.advance(24 * 3_600_000)
      await one.server.housekeeping.look()
      assert.equal((await list()).length, 1)
    })

    it('come back when they speak again', async () => {
      await two.server.housekeeping.look()
      assert.deepEqual(
        (await list()).map(({ is_alive }: Seen) => is_alive),
        [true, true],
      )
    })

    it('take their row away when they are stopped, whatever was under way', async () => {
      const looking = two.server.housekeeping.look()
      await two.close()
      await looking
      assert.deepEqual(
        (await list()).map(({ is_this_one }: Seen) => is_this_one),
        [true],
      )
    })
  })
}

describe('the settings over the network', async () => {
  const world = await testWorld({ env: { PROPUSK_ACCESS_TTL: '20m' } })

  it('are those of the node that answers, without its secrets', async () => {
    const { access } = await world.withPermissions('server:read')
    const { status, body, text } = await world.call('GET', '/server/settings/', { token: access })
    assert.equal(status, 200)
    assert.equal(body.version, version)
    assert.equal(body.engine, 'sqlite')
    assert.ok(Math.abs(Date.parse(body.started_at) - world.clock.nowMs()) < 60_000)
    const setting = (name: string) => body.settings.find((each: { name: string }) => each.name === name)
    assert.deepEqual(setting('PROPUSK_ACCESS_TTL'), {
      name: 'PROPUSK_ACCESS_TTL',
      value: '20m',
      default: '10m',
      is_default: false,
      secret: false,
      description: 'How long an access token lives: from 1s.',
    })
    const { value, secret } = setting('PROPUSK_MASTER_KEY')
    assert.deepEqual([value, secret], ['***', true])
    assert.ok(!text.includes(Buffer.alloc(32, 7).toString('base64')))
  })
})
