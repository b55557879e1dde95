import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { twoNodes } from '../races/two-nodes.ts'
import { engines } from '../support/engines.ts'
import { eventually } from '../support/eventually.ts'
import { followEvents } from '../support/follow-events.ts'
import { type Account, testWorld, type World } from '../support/world.ts'

const refreshed = async (world: World, { refresh }: Account) =>
  (await world.call('POST', '/token/refresh/', { body: { refresh } })).status
const me = async (world: World, { access }: Account) =>
  (await world.call('GET', '/me/', { token: access })).status
const end = (world: World, { access }: Account, body: object = {}) =>
  world.call('POST', '/sessions/end_all/', { token: access, body })

/** So many live sessions of somebody, written at once: more than one call ends. */
async function addSessions(world: World, userId: number, count: number): Promise<void> {
  const nowMs = world.clock.nowMs()
  await world.core.database.transaction(async trx => {
    for (let start = 0; start < count; start += 1_000) {
      const rows = Array.from({ length: Math.min(1_000, count - start) }, (_, index) => ({
        uuid: `0190a1b2-7c3d-7e4f-8a5b-${(start + index).toString(16).padStart(12, '0')}`,
        user_id: userId,
        ip_address: '203.0.113.9',
        user_agent: 'many',
        created_at: nowMs - 3_600_000,
        last_used_at: nowMs,
        // Before that of the others, so that theirs are the last that are reached.
        expires_at: nowMs + 3_600_000,
        is_active: true,
        ended_at: null,
        end_reason: null,
      }))
      await trx.insertInto('sessions').values(rows).execute()
    }
  })
}

for (const engine of engines) {
  describe(`POST /sessions/end_all/ on ${engine}`, async () => {
    const world = await testWorld({ engine })
    const address = await world.server.app.listen({ host: '127.0.0.1', port: 0 })

    it('the first answer of end_all signs all users out, however many there are, and spares the caller', async () => {
      const root = await world.superuser()
      const anna = await world.register()
      const boris = await world.register()
      const following = await followEvents(address, anna.access)
      // Another’s than hers, who signs in again: a sign-in ends what is beyond the bound of one account.
      await addSessions(world, boris.id, 4_500)

      const first = await end(world, root)
      assert.deepEqual([first.status, first.body.ended, first.body.remaining], [200, 2_000, true])
      // Their rows are the last: nothing in them says yet that they are over.
      for (const account of [anna, boris]) {
        const row = await world.core.database.read
          .selectFrom('sessions')
          .select('is_active')
          .where('user_id', '=', account.id)
          .orderBy('expires_at', 'desc')
          .executeTakeFirstOrThrow()
        assert.equal(Boolean(row.is_active), true)
        assert.deepEqual([await me(world, account), await refreshed(world, account)], [401, 401])
      }
      assert.deepEqual((await following.next('signed_out')).data, { reason: 'ended_by_admin' })
      await following.ended
      assert.equal(await me(world, root), 200)

      const again = await world.login(anna)
      const { id } = first.body
      const rest = [await end(world, root, { id }), await end(world, root, { id })].map(({ body }) => body)
      assert.deepEqual(rest, [
        { id, ended: 2_000, remaining: true },
        { id, ended: 503, remaining: false },
      ])
      assert.equal(await me(world, again), 200)
      assert.equal(await world.core.stores.sessions.countLive(world.clock.nowMs()), 2)
      assert.deepEqual([await refreshed(world, again), await refreshed(world, root)], [200, 200])
    })

    it('end_all refuses a caller who is no superuser, and an unknown id', async () => {
      const guard = await world.withPermissions('sessions:delete')
      const refused = await end(world, guard)
      assert.deepEqual([refused.status, refused.body.code], [403, 'permission_denied'])
      assert.equal(await me(world, guard), 200)
      const root = await world.superuser()
      assert.equal((await end(world, root, { id: 999_999 })).status, 404)
      for (const body of [{ id: 0 }, { id: '1' }, { everybody: true }]) {
        assert.equal((await end(world, root, body)).status, 400)
      }
    })
  })
}

describe('ending all sessions on one of two nodes', async () => {
  const [one, two] = await twoNodes('postgres')

  it('is obeyed by the other within a second, and refused tokens of refresh at once', async () => {
    const root = await one.superuser()
    const anna = await two.register()
    assert.equal(await me(two, anna), 200)
    const address = await two.server.app.listen({ host: '127.0.0.1', port: 0 })
    const following = await followEvents(address, anna.access)
    assert.equal((await end(one, root)).status, 200)
    assert.equal(await refreshed(two, anna), 401)
    assert.ok(await eventually(async () => (await me(two, anna)) === 401))
    assert.deepEqual((await following.next('signed_out')).data, { reason: 'ended_by_admin' })
    assert.equal(await me(two, await two.login(anna)), 200)
    assert.equal(await me(two, root), 200)
  })
})
