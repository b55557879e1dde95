import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { testWorld } from '../../../test/support/world.ts'
import { keepKeys } from '../key-keeping.ts'
import { keySetMaxAgeSeconds, publishAheadMs, receivedByAllMs } from './signing-key.ts'

describe('the signing keys', async () => {
  const world = await testWorld()
  const { call, clock, core, server } = world
  const keeper = await world.withPermissions('server:read', 'server:update')
  const list = async () => (await call('GET', '/server/keys/', { token: keeper.access })).body
  const rotate = (body: object = {}, token = keeper.access) =>
    call('POST', '/server/keys/rotate/', { token, body })
  const states = async () => (await list()).map(({ state }: { state: string }) => state)
  const eventOf = (action: string, kid: string) =>
    core.database.read
      .selectFrom('audit_events')
      .selectAll()
      .where('action', '=', action)
      .where('target', '=', `keys/${kid}`)
      .executeTakeFirstOrThrow()

  it('are listed with what is public about them, and nothing else', async () => {
    const [key, ...others] = await list()
    assert.deepEqual(others, [])
    const [stored] = await core.stores.keys.list()
    assert.deepEqual(key, {
      kid: stored!.kid,
      algorithm: 'ES256',
      state: 'signing',
      created_at: new Date(stored!.createdAtMs).toISOString(),
      signs_at: null,
      retired_at: null,
      published_until: null,
      is_signing: true,
    })
  })

  it('are rotated by who has the right: the next one is published and signs later, and it stands in the audit', async () => {
    const [before] = await list()
    const answer = await rotate()
    assert.equal(answer.status, 201, answer.text)
    const { kid } = answer.body
    assert.deepEqual([answer.body.state, answer.body.is_signing], ['next', false])
    const aheadMs = Date.parse(answer.body.signs_at) - Date.parse(answer.body.created_at)
    assert.ok(Math.abs(aheadMs - publishAheadMs) < 1_000, String(aheadMs))
    const [next, signing] = await list()
    assert.deepEqual(next, answer.body)
    assert.deepEqual(signing, before)
    const { body: keySet } = await call('GET', '/.well-known/jwks.json')
    assert.deepEqual(
      keySet.keys.map((key: { kid: string }) => key.kid),
      [before.kid, kid],
    )

    const made = await eventOf('key.create', kid)
    assert.deepEqual([made.actor, made.ip_address], [keeper.id, '127.0.0.1'])
    assert.deepEqual(JSON.parse(made.details), { algorithm: 'ES256', state: 'next' })

    clock.advance(publishAheadMs)
    await server.keys.rotateIfDue()
    const [fresh, retired] = await list()
    assert.deepEqual([fresh.kid, fresh.is_signing, fresh.signs_at], [kid, true, null])
    assert.ok(Date.parse(retired.published_until) > Date.parse(retired.retired_at))
    const event = await eventOf('key.rotate', kid)
    assert.equal(event.actor, null)
    assert.deepEqual(JSON.parse(event.details), { algorithm: 'ES256', retired: [before.kid] })
    assert.deepEqual(await states(), ['signing', 'retired'])
    assert.equal((await call('GET', '/me/', { token: keeper.access })).status, 200)
  })

  it('are not rotated twice at the same time, unless the next one is to sign at once', async () => {
    const { body: next } = await rotate()
    const again = await rotate()
    assert.deepEqual([again.status, again.body.code], [409, 'conflict'])
    assert.ok(again.body.detail.includes(next.kid), again.body.detail)
    const atOnce = await rotate({ now: true })
    assert.equal(atOnce.status, 201, atOnce.text)
    assert.deepEqual([atOnce.body.kid, atOnce.body.state], [next.kid, 'signing'])
    const event = await eventOf('key.rotate', next.kid)
    assert.deepEqual([event.actor, event.ip_address], [keeper.id, '127.0.0.1'])
  })

  it('are not rotated by who may only read them, nor with a body that says more', async () => {
    const reader = await world.withPermissions('server:read')
    const before = await list()
    assert.equal((await rotate({}, reader.access)).status, 403)
    const wrong = await call('POST', '/server/keys/rotate/', {
      token: keeper.access,
      body: { algorithm: 'none' },
    })
    assert.equal(wrong.status, 400)
    assert.deepEqual(await list(), before)
  })

  it('rotating signing keys has a limit, as every verifier fetches all of them', async () => {
    const keeping = await keepKeys(core, async () => {})
    while ((await list()).length < 50) await keeping.signAtOnce()
    for (const body of [{}, { now: true }]) {
      const answer = await rotate(body)
      assert.deepEqual([answer.status, answer.body.code], [409, 'conflict'])
    }
    const { body } = await call('GET', '/.well-known/jwks.json')
    assert.equal(body.keys.length, 50)
  })
})

describe('the key set', async () => {
  it('is published ahead for longer than it may be cached and a client of it holds off', async () => {
    const { call } = await testWorld()
    const { headers } = await call('GET', '/.well-known/jwks.json')
    assert.equal(headers['cache-control'], `public, max-age=${keySetMaxAgeSeconds}`)
    const holdOffMs = 30_000
    assert.ok(publishAheadMs > keySetMaxAgeSeconds * 1000 + holdOffMs + receivedByAllMs)
  })
})
