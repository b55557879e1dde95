import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { engines, freshDatabaseUrl } from '../support/engines.ts'
import { testClock, testWorld } from '../support/world.ts'

for (const engine of engines) {
  describe(`nodes that start at once on an empty database, on ${engine}`, () => {
    it('make one signing key together', async () => {
      const databaseUrl = await freshDatabaseUrl(engine)
      const clock = testClock()
      const nodes = await Promise.all(
        Array.from({ length: 4 }, () => testWorld({ engine, databaseUrl, clock })),
      )
      const keys = await nodes[0]!.core.stores.keys.list()
      assert.equal(keys.length, 1)
    })
  })
}
