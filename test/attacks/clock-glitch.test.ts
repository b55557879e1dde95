import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { runHousekeeping } from '../../server/src/housekeeping.ts'
import { engines } from '../support/engines.ts'
import { testWorld } from '../support/world.ts'

for (const engine of engines) {
  describe(`a clock that is hours ahead for a moment, on ${engine}`, async () => {
    const world = await testWorld({ engine })

    it('a session that was logged out stays ended after the clock was ahead', async () => {
      const account = await world.register()
      const me = () => world.call('GET', '/me/', { token: account.access })
      assert.equal((await world.call('POST', '/logout/', { token: account.access })).status, 204)
      // Old enough for its follower not to read the whole ledger any more.
      for (let read = 0; read < 3; read++) {
        world.clock.advance(11_000)
        assert.equal((await me()).status, 401)
      }
      // As after a start on a machine whose hardware clock runs in another time zone, until it is set right.
      world.clock.step(3 * 3_600_000)
      assert.equal((await me()).status, 401)
      const { core, server } = world
      await runHousekeeping({ ...core, rotateDueKey: () => server.keys.rotateIfDue() })
      world.clock.step(-3 * 3_600_000)
      assert.equal((await me()).status, 401)
      const restarted = await testWorld({ engine, databaseUrl: core.config.databaseUrl, clock: world.clock })
      assert.equal((await restarted.call('GET', '/me/', { token: account.access })).status, 401)
    })
  })
}
