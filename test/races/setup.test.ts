import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type EngineName, engines } from '../support/engines.ts'
import { printToken, setUp, superusersIn } from '../support/setup-link.ts'
import { testWorld, type World } from '../support/world.ts'
import { tally } from './tally.ts'

/** Two servers on one database, on a port of their own: each prints its own link. */
async function twoServers(engine: EngineName): Promise<readonly [World, World]> {
  const one = await testWorld({ engine, env: { PROPUSK_PORT: '8001' } })
  const { databaseUrl } = one.core.config
  const two = await testWorld({ engine, databaseUrl, clock: one.clock, env: { PROPUSK_PORT: '8002' } })
  return [one, two]
}

/** Fifty parallel calls, half of them at each server, each with an address of its own. */
const crowd = (servers: readonly [World, World], tokenAt: (index: number) => string) =>
  Promise.all(
    Array.from({ length: 50 }, (_, index) =>
      setUp(servers[index % 2]!, tokenAt(index), { email: `root-${index}@example.com` }),
    ),
  )

for (const engine of engines) {
  describe(`the first superuser, on ${engine}`, () => {
    const assertOne = async (answers: Awaited<ReturnType<typeof crowd>>, world: World) => {
      assert.deepEqual(tally(answers), { 201: 1, 404: 49 })
      const { user, access } = answers.find(({ status }) => status === 201)!.body
      assert.deepEqual(await superusersIn(world), [user.email])
      const { read } = world.core.database
      for (const table of ['users', 'sessions', 'refresh_tokens'] as const) {
        assert.equal((await read.selectFrom(table).selectAll().execute()).length, 1, table)
      }
      assert.deepEqual(await read.selectFrom('setup_links').selectAll().execute(), [])
      const events = await read.selectFrom('audit_events').select('action').execute()
      assert.equal(events.filter(({ action }) => action === 'user.setup').length, 1)
      assert.equal((await world.call('GET', '/me/', { token: access })).body.is_superuser, true)
    }

    it('is one, of fifty who post the same right token at two servers', async () => {
      const servers = await twoServers(engine)
      const token = await printToken(servers[0])
      await assertOne(await crowd(servers, () => token), servers[1])
    })

    it('is one, of fifty who post the two right tokens of two servers', async () => {
      const servers = await twoServers(engine)
      const tokens = [await printToken(servers[0]), await printToken(servers[1])] as const
      // Each token is posted at both servers.
      await assertOne(await crowd(servers, index => tokens[(index >> 1) % 2 ? 0 : 1]), servers[0])
    })

    it('is made by one of the servers that start at once, each with a link that works', async () => {
      const servers = await twoServers(engine)
      const tokens = await Promise.all(servers.map(printToken))
      for (const token of tokens) {
        const mistyped = await setUp(servers[0], token, { password2: 'mistyped' })
        assert.equal(mistyped.status, 400, mistyped.text)
      }
      assert.equal((await setUp(servers[0], tokens[1]!)).status, 201)
      assert.equal((await setUp(servers[1], tokens[0]!, { email: 'other@example.com' })).status, 404)
    })
  })
}
