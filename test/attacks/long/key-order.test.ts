import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { runHousekeeping } from '../../../server/src/housekeeping.ts'
import { isPublished, publishAheadMs } from '../../../server/src/keys/index.ts'
import { engines, freshDatabaseUrl } from '../../support/engines.ts'
import { eventually } from '../../support/eventually.ts'
import { unthrottled } from '../../support/throttle.ts'
import { type Account, type TestClock, testClock, testWorld, type World } from '../../support/world.ts'

const hourMs = 3_600_000

const kidOf = (token: string): string =>
  JSON.parse(Buffer.from(token.split('.')[0]!, 'base64url').toString()).kid

const publishedKids = async ({ call }: World): Promise<string[]> =>
  (await call('GET', '/.well-known/jwks.json')).body.keys.map((key: { kid: string }) => key.kid)

/** The clock of a machine that is off by so much, on the same time as the other. */
const skewed = (clock: TestClock, byMs: number): TestClock => ({
  ...clock,
  nowMs: () => clock.nowMs() + byMs,
})

/** Signs in on the node and asks it who that is. */
async function signsIn(node: World, account: Pick<Account, 'email' | 'password'>): Promise<string> {
  const { access } = await node.login(account)
  assert.equal((await node.call('GET', '/me/', { token: access })).status, 200)
  const kid = kidOf(access)
  assert.ok((await publishedKids(node)).includes(kid), 'what signs is published')
  return kid
}

for (const engine of engines) {
  describe(`a retired key signs never again, on ${engine}`, () => {
    it('after a first start with a clock that is three hours ahead', async () => {
      const clock = testClock()
      const databaseUrl = await freshDatabaseUrl(engine)
      const first = await testWorld({ databaseUrl, clock: skewed(clock, 3 * hourMs), env: unthrottled })
      const [old] = await publishedKids(first)
      await first.close()

      const world = await testWorld({ databaseUrl, clock, env: unthrottled })
      const account = await world.register()
      assert.equal(await signsIn(world, account), old)
      const { kid } = await world.server.keys.signAtOnce()
      // As housekeeping does it, up to an hour before the old key has left the key set and after.
      for (const hours of [0, 1, 2, 3, 12, 8, 1, 1, 24]) {
        clock.advance(hours * hourMs)
        await runHousekeeping({ ...world.core, rotateDueKey: () => world.server.keys.rotateIfDue() })
        assert.equal(await signsIn(world, account), kid)
      }
      assert.deepEqual(await publishedKids(world), [kid])
    })

    it('after two rotations in a row on nodes whose clocks differ by two seconds', async () => {
      const clock = testClock()
      const databaseUrl = await freshDatabaseUrl(engine)
      const nodes = []
      for (const byMs of [2_000, 0]) {
        nodes.push(await testWorld({ databaseUrl, clock: skewed(clock, byMs), env: unthrottled }))
      }
      const [ahead, behind] = nodes as [World, World]
      const account = await behind.register()
      await ahead.server.keys.signAtOnce()
      const { kid } = await behind.server.keys.signAtOnce()
      assert.ok(await eventually(async () => (await signsIn(ahead, account)) === kid))
      for (const hours of [0, 1, 22, 1, 1, 24]) {
        clock.advance(hours * hourMs + 4_000)
        for (const node of nodes) {
          await node.server.keys.rotateIfDue()
          // The follower of a clock that was put forward reads the ledger anew.
          await node.server.keys.reload()
          assert.equal(await signsIn(node, account), kid)
        }
      }
    })
  })

  describe(`a key stays published until all that it signed has expired, on ${engine}`, () => {
    it('though PROPUSK_SESSION_TTL is shorter by the time it retires', async () => {
      const clock = testClock()
      const databaseUrl = await freshDatabaseUrl(engine)
      const long = await testWorld({ databaseUrl, clock, env: { PROPUSK_SESSION_TTL: '30d' } })
      const account = await long.register()
      const kid = kidOf(account.refresh)
      await long.close()

      const short = await testWorld({ databaseUrl, clock, env: { PROPUSK_SESSION_TTL: '1h' } })
      await short.server.keys.signAtOnce()
      clock.advance(29 * 24 * hourMs)
      await runHousekeeping({ ...short.core, rotateDueKey: () => short.server.keys.rotateIfDue() })
      assert.ok((await publishedKids(short)).includes(kid))
      const answer = await short.call('POST', '/token/refresh/', { body: { refresh: account.refresh } })
      assert.equal(answer.status, 200, answer.text)
      assert.equal((await short.call('GET', '/me/', { token: answer.body.access })).status, 200)

      clock.advance(25 * hourMs)
      await short.server.keys.rotateIfDue()
      assert.ok(!(await publishedKids(short)).includes(kid))
    })

    it('a retired key stays published though a node with longer sessions has not received the retirement yet', async () => {
      const clock = testClock()
      const databaseUrl = await freshDatabaseUrl(engine)
      const env = { PROPUSK_SESSION_TTL: '1h', ...unthrottled }
      const short = await testWorld({ databaseUrl, clock, env })
      const long = await testWorld({ databaseUrl, clock, env: { ...env, PROPUSK_SESSION_TTL: '30d' } })
      const account = await short.register()
      // What the key signs between the retirement and the moment in which the other node hears of it.
      const [old] = await short.core.stores.keys.list()
      const { kid } = await short.server.keys.signAtOnce()
      assert.ok(await eventually(async () => long.server.keys.ring.signer().kid === kid))
      long.server.keys.ring.load([{ ...old!, state: 'signing' }])
      const late = await long.login(account)
      assert.equal(kidOf(late.refresh), old!.kid)
      await short.server.keys.rotateIfDue()

      clock.advance(20 * 24 * hourMs)
      await short.server.keys.rotateIfDue()
      assert.ok((await publishedKids(short)).includes(old!.kid))
      const answer = await short.call('POST', '/token/refresh/', { body: { refresh: late.refresh } })
      assert.equal(answer.status, 200, answer.text)
    })
  })

  describe(`beside release 0.1.0, which knows no states, on ${engine}`, () => {
    const columns = { sequence: null, state: null, signs_at: null, published_until: null }

    /** What its `keys rotate` does to the rows, by its own clock. */
    const rotateAsBefore = async (node: World, byMs: number): Promise<string> => {
      const [, fresh] = await freshKeys(node)
      const nowMs = node.clock.nowMs() + byMs
      await node.core.database.transaction(async trx => {
        await trx
          .updateTable('signing_keys')
          .set({ ...columns, created_at: nowMs })
          .where('kid', '=', fresh)
          .execute()
        await trx
          .updateTable('signing_keys')
          .set({ retired_at: nowMs })
          .where('kid', '!=', fresh)
          .where('retired_at', 'is', null)
          .execute()
      })
      return fresh
    }
    const freshKeys = async ({ server }: World): Promise<[string, string]> => {
      const before = server.keys.ring.signer().kid
      return [before, (await server.keys.publishNext()).kid]
    }

    for (const byMs of [-90_000, 0, 90_000]) {
      it(`a key that it makes is adopted and signs, with its clock ${byMs / 1000} s off`, async () => {
        const world = await testWorld({ engine, env: unthrottled })
        const account = await world.register()
        const old = kidOf(account.access)
        const fresh = await rotateAsBefore(world, byMs)
        await world.server.keys.reload()
        assert.equal(await signsIn(world, account), old, 'until every node must know the other')
        await world.server.keys.settle()
        assert.equal(await signsIn(world, account), fresh)
        const keys = await world.core.stores.keys.list()
        assert.deepEqual(
          keys.map(({ kid, sequence, state }) => [kid, sequence, state]),
          [
            [old, 1, 'retired'],
            [fresh, 2, 'signing'],
          ],
        )
        const me = await world.call('GET', '/me/', { token: account.access })
        assert.equal(me.status, 200)
      })
    }

    it('a database of it is taken as it is, also where clocks have mixed up its order', async () => {
      const clock = testClock()
      const databaseUrl = await freshDatabaseUrl(engine)
      const first = await testWorld({ databaseUrl, clock, env: unthrottled })
      const account = await first.register()
      const { kid } = await first.server.keys.signAtOnce()
      await first.core.database.transaction(async trx => {
        await trx.updateTable('signing_keys').set(columns).execute()
        // The retired one was made by a clock that was hours ahead.
        await trx
          .updateTable('signing_keys')
          .set({ created_at: clock.nowMs() + 3 * hourMs })
          .where('kid', '!=', kid)
          .execute()
      })
      await first.close()
      const world = await testWorld({ databaseUrl, clock, env: unthrottled })
      for (const hours of [0, 4]) {
        clock.advance(hours * hourMs)
        assert.equal(await signsIn(world, account), kid)
        const answer = await world.call('POST', '/token/refresh/', { body: { refresh: account.refresh } })
        if (hours === 0) assert.equal(answer.status, 200, answer.text)
      }
      const [old] = await world.core.stores.keys.list()
      assert.equal(old!.state, 'retired')
      assert.ok(!isPublished(old!, clock.nowMs() + 25 * hourMs))
    })
  })

  describe(`a start, on ${engine}`, () => {
    it('refuses keys of which more than one signs, and says where to look', async () => {
      const databaseUrl = await freshDatabaseUrl(engine)
      const first = await testWorld({ databaseUrl })
      await first.server.keys.publishNext()
      await first.core.database.transaction(trx =>
        trx.updateTable('signing_keys').set({ state: 'signing' }).execute(),
      )
      await assert.rejects(testWorld({ databaseUrl }), /signing keys are not in order \(2 sign\)/)
    })

    it('lets the next key sign where the one that signed is gone', async () => {
      const databaseUrl = await freshDatabaseUrl(engine)
      const first = await testWorld({ databaseUrl })
      const { kid } = await first.server.keys.publishNext()
      await first.core.database.transaction(trx =>
        trx.deleteFrom('signing_keys').where('kid', '!=', kid).execute(),
      )
      const world = await testWorld({ databaseUrl })
      assert.equal(kidOf((await world.register()).access), kid)
    })
  })
}

it('a clock that steps back keeps no published key from signing in time', async () => {
  const world = await testWorld()
  const { kid } = await world.server.keys.publishNext()
  world.clock.step(-5 * hourMs)
  await world.server.keys.rotateIfDue()
  assert.notEqual(world.server.keys.ring.signer().kid, kid)
  world.clock.advance(publishAheadMs)
  await world.server.keys.rotateIfDue()
  assert.equal(world.server.keys.ring.signer().kid, kid)
})
