import assert from 'node:assert/strict'
import { createPublicKey } from 'node:crypto'
import { describe, it } from 'node:test'
import { openDatabase } from '../../server/src/store/index.ts'
import { freshDatabaseUrl } from '../support/engines.ts'
import { testWorld } from '../support/world.ts'

describe('the signing keys', () => {
  for (const [algorithm, curve] of [
    ['ES256', 'P-256'],
    ['EdDSA', 'Ed25519'],
  ] as const) {
    it(`made for ${algorithm} lie on ${curve} and are published without their private part`, async () => {
      const world = await testWorld({ env: { PROPUSK_KEY_ALGORITHM: algorithm } })
      const { keys } = (await world.call('GET', '/.well-known/jwks.json')).body
      assert.ok(keys.length > 0)
      for (const jwk of keys) {
        assert.deepEqual([jwk.alg, jwk.crv, jwk.use, 'd' in jwk], [algorithm, curve, 'sig', false])
        assert.equal(createPublicKey({ key: jwk, format: 'jwk' }).type, 'public')
      }
    })
  }
})

describe('a connection to PostgreSQL that must be encrypted', () => {
  it('is not made in the clear', async () => {
    const url = new URL(await freshDatabaseUrl('postgres'))
    const speak = async () => {
      const database = await openDatabase(url.href)
      try {
        await database.ping()
      } finally {
        await database.close()
      }
    }
    await speak()
    // The server of the tests speaks no TLS.
    url.searchParams.set('sslmode', 'verify-full')
    await assert.rejects(speak)
  })
})
