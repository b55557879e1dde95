import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { testWorld } from '../support/world.ts'

const claimsOf = (token: string): { iat: number; exp: number } =>
  JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString())

describe('tokens that live for a second', async () => {
  const world = await testWorld({ env: { PROPUSK_ACCESS_TTL: '1s' } })
  const person = await world.register()

  test('live for the whole of it, whenever in a second they were made, and not longer', async () => {
    for (let round = 0; round < 10; round++) {
      const { access } = await world.login(person)
      const { iat, exp } = claimsOf(access)
      assert.equal(Math.round((exp - iat) * 1000), 1000)
      world.clock.advance(600)
      assert.equal((await world.call('GET', '/me/', { token: access })).status, 200)
      world.clock.advance(400)
      assert.equal((await world.call('GET', '/me/', { token: access })).status, 401)
      world.clock.advance(113)
    }
  })
})

describe('tokens of the usual length', async () => {
  const world = await testWorld()

  test('count whole seconds, and exactly as many as the settings say', async () => {
    const { access, refresh } = await world.register()
    const token = claimsOf(access)
    assert.ok(Number.isInteger(token.iat) && Number.isInteger(token.exp))
    assert.equal(token.exp - token.iat, 600)
    assert.equal(claimsOf(refresh).exp - claimsOf(refresh).iat, 86_400)
  })
})

describe('a session that lives for two seconds', async () => {
  const world = await testWorld({ env: { PROPUSK_SESSION_TTL: '2s' } })

  test('takes its tokens with it', async () => {
    const person = await world.register()
    assert.equal((await world.call('GET', '/me/', { token: person.access })).status, 200)
    world.clock.advance(1_000)
    const next = await world.call('POST', '/token/refresh/', { body: { refresh: person.refresh } })
    assert.equal(next.status, 200)
    world.clock.advance(1_000)
    assert.equal((await world.call('GET', '/me/', { token: next.body.access })).status, 401)
    const late = await world.call('POST', '/token/refresh/', { body: { refresh: next.body.refresh } })
    assert.equal(late.status, 401)
  })
})
