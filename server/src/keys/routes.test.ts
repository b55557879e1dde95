import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { testWorld } from '../../../test/support/world.ts'

describe('the signing keys', async () => {
  const world = await testWorld()
  const { call, clock, core } = world
  const keeper = await world.withPermissions('server:read', 'server:update')
  const list = async () => (await call('GET', '/server/keys/', { token: keeper.access })).body
  const rotate = (token = keeper.access) => call('POST', '/server/keys/rotate/', { token, body: {} })

  it('are listed with what is public about them, and nothing else', async () => {
    const [key, ...others] = await list()
    assert.deepEqual(others, [])
    const [stored] = await core.stores.keys.list()
    assert.deepEqual(key, {
      kid: stored!.kid,
      algorithm: 'ES256',
      created_at: new Date(stored!.createdAtMs).toISOString(),
      retired_at: null,
      published_until: null,
      is_signing: true,
    })
  })

  it('are rotated by who has the right, and it stands in the audit', async () => {
    const [before] = await list()
    const answer = await rotate()
    assert.equal(answer.status, 201, answer.text)
    const { kid } = answer.body
    assert.equal(answer.body.is_signing, false)
    const [fresh, retired] = await list()
    assert.deepEqual(fresh, answer.body)
    assert.equal(retired.kid, before.kid)
    assert.equal(retired.is_signing, true)
    assert.ok(Date.parse(retired.published_until) > Date.parse(retired.retired_at))

    const event = await core.database.read
      .selectFrom('audit_events')
      .selectAll()
      .where('action', '=', 'key.rotate')
      .executeTakeFirstOrThrow()
    assert.deepEqual([event.actor, event.target, event.ip_address], [keeper.id, `keys/${kid}`, '127.0.0.1'])
    assert.deepEqual(JSON.parse(event.details), { algorithm: 'ES256', retired: [before.kid] })

    clock.advance(3_000)
    assert.deepEqual(
      (await list()).map(({ is_signing }: { is_signing: boolean }) => is_signing),
      [true, false],
    )
    assert.equal((await call('GET', '/me/', { token: keeper.access })).status, 200)
  })

  it('are not rotated by who may only read them, nor with a body that says more', async () => {
    const reader = await world.withPermissions('server:read')
    const before = await list()
    assert.equal((await rotate(reader.access)).status, 403)
    const wrong = await call('POST', '/server/keys/rotate/', {
      token: keeper.access,
      body: { algorithm: 'none' },
    })
    assert.equal(wrong.status, 400)
    assert.deepEqual(await list(), before)
  })

  it('are not rotated without end, as everybody who verifies tokens fetches all of them', async () => {
    const statuses: number[] = []
    for (let turn = 0; turn < 60; turn++) statuses.push((await rotate()).status)
    assert.equal(statuses.filter(status => status === 201).length, 48)
    assert.equal(statuses.at(-1), 409)
    const { body } = await call('GET', '/.well-known/jwks.json')
    assert.equal(body.keys.length, 50)
  })
})
