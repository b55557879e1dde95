import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { engines, freshDatabaseUrl } from '../../test/support/engines.ts'
import { cheapHasher } from '../../test/support/world.ts'
import { composeServer } from './compose.ts'
import { loadConfig } from './config/index.ts'
import { openCore } from './core.ts'

for (const engine of engines) {
  describe(`a server that cannot be composed, on ${engine}`, () => {
    it('rejects with the fault, and leaves the core open, on which another one can be composed', async () => {
      const config = loadConfig({
        PROPUSK_DATABASE_URL: await freshDatabaseUrl(engine),
        PROPUSK_MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
        PROPUSK_LOG_LEVEL: 'error',
      })
      const core = await openCore(config, { hasher: cheapHasher() })
      const fault = new Error('no such API')
      const apis = () => {
        throw fault
      }
      await assert.rejects(composeServer(core, { apis }), fault)

      const feed = { ...core.stores.feed, readAfter: () => Promise.reject(fault) }
      await assert.rejects(composeServer({ ...core, stores: { ...core.stores, feed } }), fault)

      const server = await composeServer(core)
      const ready = await server.app.inject({ method: 'GET', url: '/health/ready' })
      await server.close()
      assert.equal(ready.statusCode, 200)
    })
  })
}
