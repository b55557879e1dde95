import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { engines } from '../../../test/support/engines.ts'
import { testClock, testWorld, type World } from '../../../test/support/world.ts'

const dayMs = 24 * 3_600_000

const rowsOf = async ({ core: { database } }: World, userId: number) => {
  const { read } = database
  const sessions = await read
    .selectFrom('sessions')
    .selectAll()
    .where('user_id', '=', userId)
    .orderBy('id')
    .execute()
  const tokens = await read.selectFrom('refresh_tokens').selectAll().where('user_id', '=', userId).execute()
  return { sessions, tokens }
}

for (const engine of engines) {
  const started = async (env: Record<string, string> = {}) => {
    const clock = testClock()
    const world = await testWorld({ engine, clock, env: { PROPUSK_SESSION_TTL: '60d', ...env } })
    const pass = async (days: number) => {
      clock.advance(days * dayMs)
      await world.server.housekeeping.look()
    }
    return { world, pass }
  }

  describe(`a session that is over, on ${engine}`, () => {
    it('forgets where it was used 30 days after it ended, with its tokens, and one that lives does not', async () => {
      const { world, pass } = await started()
      const leaver = await world.register()
      const stayer = await world.login(leaver)
      await world.call('POST', '/token/refresh/', { body: { refresh: leaver.refresh } })
      assert.equal((await world.call('POST', '/logout/', { token: leaver.access })).status, 204)

      await pass(29)
      const before = await rowsOf(world, leaver.id)
      assert.ok(before.sessions.every(({ ip_address }) => ip_address !== ''))
      assert.equal(before.tokens.filter(({ ip_address }) => ip_address !== null).length, 3)

      await pass(2)
      const { sessions, tokens } = await rowsOf(world, leaver.id)
      assert.deepEqual(
        sessions.map(({ ip_address, user_agent, is_active }) => [
          ip_address !== '',
          user_agent !== '',
          Boolean(is_active),
        ]),
        [
          [false, false, false],
          [true, true, true],
        ],
      )
      const ended = tokens.filter(({ session_id }) => session_id === sessions[0]!.id)
      assert.deepEqual(
        ended.map(({ ip_address, user_agent }) => [ip_address, user_agent]),
        [
          [null, ''],
          [null, ''],
        ],
      )
      assert.equal(
        (await world.call('POST', '/token/refresh/', { body: { refresh: stayer.refresh } })).status,
        200,
      )
    })

    it('is deleted 90 days after its time, however early it ended, and nothing of it comes back', async () => {
      const { world, pass } = await started()
      const leaver = await world.register()
      await world.call('POST', '/logout/', { token: leaver.access })
      await pass(149)
      assert.equal((await rowsOf(world, leaver.id)).sessions.length, 1)
      await pass(2)
      assert.deepEqual(await rowsOf(world, leaver.id), { sessions: [], tokens: [] })
      assert.equal((await world.call('GET', '/me/', { token: leaver.access })).status, 401)
      assert.equal(
        (await world.call('POST', '/token/refresh/', { body: { refresh: leaver.refresh } })).status,
        401,
      )
      const { access: token } = await world.superuser()
      assert.equal(
        (await world.call('GET', `/sessions/?user_id=${leaver.id}`, { token })).body.results.length,
        0,
      )
    })

    it('is kept for ever where the settings say so', async () => {
      const { world, pass } = await started({
        PROPUSK_KEEP_SESSIONS: 'forever',
        PROPUSK_KEEP_ORIGINS: 'forever',
      })
      const leaver = await world.register()
      await world.call('POST', '/logout/', { token: leaver.access })
      await pass(3_000)
      const { sessions } = await rowsOf(world, leaver.id)
      assert.ok(sessions[0]!.ip_address !== '' && sessions[0]!.user_agent !== '')
    })
  })
}
