import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { runHousekeeping } from '../../server/src/housekeeping.ts'
import { publishAheadMs } from '../../server/src/keys/index.ts'
import { housekeepingLeaseMs } from '../../server/src/start-housekeeping.ts'
import { twoNodes } from '../races/two-nodes.ts'
import { type EngineName, engines } from '../support/engines.ts'
import { eventually } from '../support/eventually.ts'
import { testWorld, type World } from '../support/world.ts'
import { startKeeper } from './keeper-process.ts'

const dayMs = 24 * 3_600_000

/** Sessions whose time is over and that no housekeeping has marked yet. */
const unmarked = async ({ core, clock }: World): Promise<number> => {
  const live = core.database.read.selectFrom('sessions').select('id').where('is_active', '=', true)
  return (await live.where('expires_at', '<=', clock.nowMs()).execute()).length
}

/** Two nodes where a session lives shorter than a lease: there is work while somebody holds it. */
const nodesWithShortSessions = async (engine: EngineName) => {
  const env = { PROPUSK_SESSION_TTL: '60s', PROPUSK_ACCESS_TTL: '60s' }
  const one = await testWorld({ engine, env })
  const two = await testWorld({
    engine,
    env,
    databaseUrl: one.core.config.databaseUrl,
    clock: one.clock,
  })
  return [one, two] as const
}

/** Rows of sessions stay, so that a test sees how they ended. */
const keepingSessions = ({ core }: World) => ({ ...core.config, keepSessionsSeconds: undefined })

const unretired = async ({ core }: World) =>
  (await core.stores.keys.list()).filter(key => key.retiredAtMs === null)

/** Two rounds: the first publishes a key that is due, the next one, when every cache knows it, lets it sign. */
const secondRoundMs = publishAheadMs + 1_000

for (const engine of engines) {
  describe(`housekeeping of two nodes, on ${engine}`, () => {
    it('is done by the one that holds the lease, and by no other', async () => {
      const [one, two] = await nodesWithShortSessions(engine)
      assert.equal(await one.server.housekeeping.look(), true)
      for (let minute = 0; minute < 4; minute++) {
        await two.register()
        one.clock.advance(61_000)
        assert.equal(await two.server.housekeeping.look(), false)
        assert.equal(await unmarked(one), 1)
        assert.equal(await one.server.housekeeping.look(), true)
        assert.equal(await unmarked(one), 0)
      }
    })

    it('is done by one when both begin at the same instant', async () => {
      const [one, two] = await twoNodes(engine)
      for (let round = 0; round < 5; round++) {
        const worked = await Promise.all([one, two].map(({ server }) => server.housekeeping.look()))
        assert.equal(worked.filter(Boolean).length, 1)
        one.clock.advance(housekeepingLeaseMs)
      }
    })

    it('goes over at once when its node closes in order', async () => {
      const [one, two] = await nodesWithShortSessions(engine)
      await one.server.housekeeping.look()
      await one.register()
      one.clock.advance(61_000)
      assert.equal(await two.server.housekeeping.look(), false)
      await one.close()
      assert.equal(await two.server.housekeeping.look(), true)
      assert.equal(await unmarked(two), 0)
    })

    it('is not taken again by a node that closes while it asks for the lease', async () => {
      const [one, two] = await twoNodes(engine)
      const asking = one.server.housekeeping.look()
      await one.close()
      await asking
      assert.equal(await one.server.housekeeping.look(), false)
      assert.equal(await two.server.housekeeping.look(), true)
    })

    it('stays with the next when a node closes that has lost it unknowingly', async () => {
      const [one, two] = await twoNodes(engine)
      const three = await testWorld({
        engine,
        databaseUrl: one.core.config.databaseUrl,
        clock: one.clock,
      })
      await one.server.housekeeping.look()
      one.clock.advance(housekeepingLeaseMs)
      assert.equal(await two.server.housekeeping.look(), true)
      await one.close()
      assert.equal(await three.server.housekeeping.look(), false)
      assert.equal(await two.server.housekeeping.look(), true)
    })

    it('goes over when its node is killed, once the lease has run out and not before', async () => {
      const world = await testWorld({ engine })
      const keeper = await startKeeper(world.core.config)
      assert.equal(await keeper.look(), true)
      await keeper.kill()
      assert.equal(await world.server.housekeeping.look(), false)
      world.clock.advance(housekeepingLeaseMs - 60_000)
      assert.equal(await world.server.housekeeping.look(), false)
      world.clock.advance(60_000)
      assert.equal(await world.server.housekeeping.look(), true)
    })

    it('is left alone by a process that was stopped past its time, and goes on', async () => {
      const world = await testWorld({ engine })
      const keeper = await startKeeper(world.core.config)
      assert.equal(await keeper.look(), true)
      keeper.freeze()
      world.clock.advance(housekeepingLeaseMs)
      assert.equal(await world.server.housekeeping.look(), true)
      keeper.thaw()
      assert.equal(await keeper.look(), false)
      assert.equal(await world.server.housekeeping.look(), true)
      await keeper.kill()
    })

    it('makes no second key where its node was paused past its time in the middle of a round', async () => {
      const [one, two] = await twoNodes(engine)
      one.clock.advance(91 * dayMs)
      const paused = Promise.withResolvers<void>()
      const resumed = Promise.withResolvers<void>()
      // Its round has begun before the pause; it comes to the keys after it.
      const late = runHousekeeping({
        ...one.core,
        rotateDueKey: async () => {
          paused.resolve()
          await resumed.promise
          await one.server.keys.rotateIfDue()
        },
      })
      await paused.promise
      one.clock.advance(housekeepingLeaseMs)
      assert.equal(await two.server.housekeeping.look(), true)
      const made = await unretired(two)
      assert.deepEqual(
        made.map(({ state }) => state),
        ['signing', 'next'],
      )
      resumed.resolve()
      assert.deepEqual(await late, [])
      assert.deepEqual(await unretired(two), made)
    })

    it('comes to the same when two nodes do a round at once all the same', async () => {
      const [one, two] = await twoNodes(engine)
      for (let count = 0; count < 3; count++) await one.register()
      one.clock.advance(91 * dayMs)
      for (let time = 0; time < 2; time++) {
        const rounds = [one, two, one, two].map(node =>
          runHousekeeping({
            ...node.core,
            config: keepingSessions(node),
            rotateDueKey: () => node.server.keys.rotateIfDue(),
          }),
        )
        assert.deepEqual((await Promise.all(rounds)).flat(), [])
        one.clock.advance(secondRoundMs)
      }
      const sessions = await one.core.database.read.selectFrom('sessions').selectAll().execute()
      assert.equal(sessions.length, 3)
      for (const session of sessions) {
        assert.equal(session.end_reason, 'expired')
        assert.equal(session.ended_at, session.expires_at)
      }
      const tokens = await one.core.database.read.selectFrom('refresh_tokens').select('jti').execute()
      assert.deepEqual(tokens, [])
      assert.equal((await unretired(one)).length, 1)
      assert.equal((await one.core.stores.keys.list()).length, 2)
    })

    it('the holder of the lease rotates the key, and the other node receives it', async () => {
      const [one, two] = await twoNodes(engine)
      await one.server.housekeeping.look()
      const [old] = await unretired(one)
      one.clock.advance(91 * dayMs)
      assert.equal(await one.server.housekeeping.look(), true)
      const [present, next] = await unretired(one)
      assert.deepEqual([present?.kid, next?.state], [old?.kid, 'next'])
      one.clock.advance(secondRoundMs)
      assert.equal(await one.server.housekeeping.look(), true)
      const [fresh, ...others] = await unretired(one)
      assert.deepEqual([fresh?.kid, others], [next?.kid, []])
      const signsThere = async () => two.server.keys.ring.signer().kid === fresh?.kid
      assert.ok(await eventually(signsThere))
    })

    it('keeps no destroyed key on the node that did not destroy it', async () => {
      const [one, two] = await twoNodes(engine)
      const [old] = await unretired(one)
      await one.server.keys.signAtOnce()
      one.clock.advance(10 * dayMs)
      assert.equal(await one.server.housekeeping.look(), true)
      assert.ok(!(await one.core.stores.keys.list()).some(key => key.kid === old?.kid))
      assert.equal(await two.server.housekeeping.look(), false)
      assert.ok(!two.server.keys.ring.list().some(key => key.kid === old?.kid))
    })
  })

  describe(`a first start, on ${engine}`, () => {
    it('makes its key though another holds the lease of housekeeping', async () => {
      const [one, two] = await twoNodes(engine)
      await one.server.housekeeping.look()
      await one.core.database.transaction(trx => trx.deleteFrom('signing_keys').execute())
      const three = await testWorld({
        engine,
        databaseUrl: one.core.config.databaseUrl,
        clock: one.clock,
      })
      assert.equal((await unretired(three)).length, 1)
      assert.equal(await two.server.housekeeping.look(), false)
      await three.register()
    })
  })
}

describe('a change of permissions that takes long, on postgres', async () => {
  const [one, two] = await twoNodes('postgres')

  it('keeps no rotation of keys waiting', async () => {
    const hasTurn = Promise.withResolvers<void>()
    const mayEnd = Promise.withResolvers<void>()
    const change = one.core.transaction(async ({ permissions }) => {
      await permissions.lockAccess()
      hasTurn.resolve()
      await mayEnd.promise
    })
    await hasTurn.promise
    const fresh = await two.server.keys.signAtOnce()
    mayEnd.resolve()
    await change
    assert.equal((await unretired(one))[0]?.kid, fresh.kid)
  })
})
