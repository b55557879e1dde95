import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { loadConfig } from '../../server/src/config/index.ts'
import { openCore } from '../../server/src/core.ts'
import { deactivateUser } from '../../server/src/identity/index.ts'
import { engines } from '../support/engines.ts'
import { eventually } from '../support/eventually.ts'
import { cheapHasher, testWorld } from '../support/world.ts'

for (const engine of engines) {
  describe(`a change written under a shorter PROPUSK_ACCESS_TTL than the server has, on ${engine}`, async () => {
    const world = await testWorld({ engine, env: { PROPUSK_ACCESS_TTL: '2h' } })

    /** The command line, started where the server's setting is not in the environment. */
    async function deactivateElsewhere(id: number) {
      const { databaseUrl } = world.core.config
      const config = loadConfig({
        PROPUSK_DATABASE_URL: databaseUrl,
        PROPUSK_MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
      })
      const core = await openCore(config, { clock: world.clock, hasher: cheapHasher() })
      await deactivateUser(core, { principal: null, origin: null }, id as never)
      await core.close()
    }

    it('holds for as long as the tokens of the server live', async () => {
      const account = await world.register()
      await deactivateElsewhere(account.id)
      const asks = () => world.call('GET', '/me/', { token: account.access })
      assert.ok(await eventually(async () => (await asks()).status === 401))
      world.clock.advance(20 * 60_000)
      assert.equal((await asks()).status, 401)
      await new Promise(resolve => setTimeout(resolve, 500))
      assert.equal((await asks()).status, 401)
    })
  })
}
