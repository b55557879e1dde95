import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { engines } from '../../../test/support/engines.ts'
import { type Account, testWorld } from '../../../test/support/world.ts'

for (const engine of engines) {
  describe(`an account with as many sessions as it may have, on ${engine}`, async () => {
    const world = await testWorld({
      engine,
      env: { PROPUSK_SESSIONS_PER_ACCOUNT: '3', PROPUSK_GUESSES_PER_ACCOUNT: 'off' },
    })
    const tick = () => world.clock.advance(1000)
    const isAlive = async ({ access }: Account) =>
      (await world.call('GET', '/me/', { token: access })).status === 200
    const signInTimes = async (count: number) => {
      const first = await world.register()
      const all = [first]
      while (all.length < count) {
        tick()
        all.push(await world.login(first))
      }
      tick()
      return all as [Account, ...Account[]]
    }
    const endReasonsOf = async (userId: number) => {
      const rows = await world.core.database.read
        .selectFrom('sessions')
        .select('end_reason')
        .where('user_id', '=', userId)
        .orderBy('id')
        .execute()
      return rows.map(row => row.end_reason)
    }

    it('loses by the next sign-in the one that was used longest ago, and no other', async () => {
      const [first, second, third] = await signInTimes(3)
      assert.deepEqual(await endReasonsOf(first.id), [null, null, null])
      const fourth = await world.login(first)
      assert.equal(await isAlive(first), false)
      for (const account of [second!, third!, fourth]) assert.equal(await isAlive(account), true)
      assert.deepEqual(await endReasonsOf(first.id), ['session_limit', null, null, null])
    })

    it('keeps an old one that is in use', async () => {
      const [first, second] = await signInTimes(3)
      const used = await world.call('POST', '/token/refresh/', { body: { refresh: first.refresh } })
      assert.equal(used.status, 200)
      tick()
      await world.login(first)
      assert.equal((await world.call('GET', '/me/', { token: used.body.access })).status, 200)
      assert.equal(await isAlive(second!), false)
    })

    it('a session that was ended by the limit cannot refresh, and its end is in the audit', async () => {
      const [first] = await signInTimes(4)
      const body = { refresh: first.refresh }
      assert.equal((await world.call('POST', '/token/refresh/', { body })).status, 401)
      const events = await world.core.database.read
        .selectFrom('audit_events')
        .select(['actor', 'details'])
        .where('action', '=', 'session.end')
        .where('actor', '=', first.id)
        .execute()
      assert.equal(events.length, 1)
      assert.equal(JSON.parse(events[0]!.details).reason, 'session_limit')
    })

    it('never has more of them, also when sixteen sign in at once', async () => {
      const account = await world.register()
      await Promise.all(Array.from({ length: 16 }, () => world.login(account)))
      const reasons = await endReasonsOf(account.id)
      assert.equal(reasons.filter(reason => reason === null).length, 3)
      assert.equal(reasons.filter(reason => reason === 'session_limit').length, 14)
    })

    it('does not count those that have ended or whose time is over', async () => {
      const [first, second] = await signInTimes(3)
      await world.call('POST', '/logout/', { token: second!.access })
      await world.login(first)
      assert.equal(await isAlive(first), true)
    })

    it('leaves the sessions of other accounts alone', async () => {
      const [other] = await signInTimes(3)
      await signInTimes(5)
      assert.equal(await isAlive(other), true)
    })
  })

  describe(`a bound of one session, on ${engine}`, async () => {
    const world = await testWorld({ engine, env: { PROPUSK_SESSIONS_PER_ACCOUNT: '1' } })

    it('keeps the new one, also when the old one was used at a later time of another clock', async () => {
      const account = await world.register()
      await world.core.database.transaction(trx =>
        trx
          .updateTable('sessions')
          .set({ last_used_at: world.clock.nowMs() + 30_000 })
          .where('user_id', '=', account.id)
          .execute(),
      )
      const next = await world.login(account)
      assert.equal((await world.call('GET', '/me/', { token: next.access })).status, 200)
      assert.equal((await world.call('GET', '/me/', { token: account.access })).status, 401)
    })
  })
}
