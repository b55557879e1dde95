import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { engines } from '../../../test/support/engines.ts'
import { type Account, testWorld } from '../../../test/support/world.ts'

const minuteMs = 60_000

for (const engine of engines) {
  describe(`sessions that end when they are idle, on ${engine}`, async () => {
    const env = { PROPUSK_SESSION_IDLE: '30m', PROPUSK_SESSION_TTL: '4h' }
    const world = await testWorld({ engine, env })
    const { clock } = world

    const refresh = async (token: string) => {
      const { status, body } = await world.call('POST', '/token/refresh/', { body: { refresh: token } })
      return { status, refresh: body.refresh as string, access: body.access as string }
    }

    const rowOf = async ({ id }: Account, index = 0) => {
      const { access } = await world.superuser()
      const rows = await world.call('GET', `/sessions/?user_id=${id}&ordering=id`, { token: access })
      return rows.body.results[index]
    }

    it('lives as long as it is used, up to its whole life, and then ends with it', async () => {
      const person = await world.register()
      let { refresh: token } = person
      for (let used = 0; used < 8; used++) {
        clock.advance(29 * minuteMs)
        const next = await refresh(token)
        assert.equal(next.status, 200)
        token = next.refresh
      }
      const { created_at, expires_at } = await rowOf(person)
      assert.equal(Date.parse(expires_at) - Date.parse(created_at), 4 * 60 * minuteMs)
      clock.advance(8 * minuteMs)
      assert.equal((await refresh(token)).status, 401)
      const row = await rowOf(person)
      assert.deepEqual([row.is_active, row.end_reason], [false, 'expired'])
    })

    it('ends at the end of its idle time: a millisecond before, it goes on', async () => {
      const person = await world.register()
      const { created_at, expires_at } = await rowOf(person)
      assert.equal(Date.parse(expires_at) - Date.parse(created_at), 30 * minuteMs)
      const waitUntil = (atMs: number) => clock.advance(atMs - clock.nowMs())
      waitUntil(Date.parse(expires_at) - 1_000)
      const used = await refresh(person.refresh)
      assert.equal(used.status, 200)
      waitUntil(Date.parse((await rowOf(person)).expires_at))
      assert.equal((await refresh(used.refresh)).status, 401)
      assert.equal((await world.call('GET', '/me/', { token: used.access })).status, 401)
    })

    it('says that it was idle, before and after housekeeping has swept it, and is no reuse', async () => {
      const person = await world.register()
      clock.advance(31 * minuteMs)
      assert.equal((await refresh(person.refresh)).status, 401)
      const before = await rowOf(person)
      await world.server.housekeeping.look()
      const after = await rowOf(person)
      assert.deepEqual([before.is_active, before.end_reason], [false, 'idle'])
      assert.deepEqual(after, before)
      assert.equal(after.ended_at, after.expires_at)
    })

    it('lives its whole life for a person who asked to be remembered', async () => {
      const { email, password, id } = await world.register()
      const body = { email, password, remember: true }
      const signedIn = await world.call('POST', '/login/', { body })
      const { created_at, expires_at } = await rowOf({ id } as Account, 1)
      assert.equal(Date.parse(expires_at) - Date.parse(created_at), 4 * 60 * minuteMs)
      clock.advance(200 * minuteMs)
      assert.equal((await refresh(signedIn.body.refresh)).status, 200)
    })

    it('a lost answer that is asked for again keeps the session alive, and its token', async () => {
      const person = await world.register()
      clock.advance(20 * minuteMs)
      const first = await refresh(person.refresh)
      clock.advance(5_000)
      const again = await refresh(person.refresh)
      assert.equal(again.refresh, first.refresh)
      clock.advance(29 * minuteMs + 57_000)
      assert.equal((await refresh(again.refresh)).status, 200)
    })
  })
}

describe('the idle time', () => {
  const start = (env: Record<string, string>) => testWorld({ env })

  it('changes nothing where it is off, whoever is to be remembered', async () => {
    const world = await start({ PROPUSK_SESSION_TTL: '4h' })
    const { email, password } = await world.register()
    const signedIn = await world.call('POST', '/login/', { body: { email, password, remember: false } })
    world.clock.advance(3 * 60 * minuteMs)
    const { refresh } = signedIn.body
    assert.equal((await world.call('POST', '/token/refresh/', { body: { refresh } })).status, 200)
  })

  it('is refused at the start where it is less than twice the life of an access token', async () => {
    await assert.rejects(
      start({ PROPUSK_SESSION_IDLE: '19m', PROPUSK_ACCESS_TTL: '10m' }),
      /PROPUSK_SESSION_IDLE.*twice PROPUSK_ACCESS_TTL/s,
    )
  })
})
