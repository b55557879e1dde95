import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { systemRandom } from '../../../server/src/kernel/index.ts'
import { engines } from '../../support/engines.ts'
import { testWorld } from '../../support/world.ts'

/** Ten times what the setting allows unless it is raised. */
const crowd = 10_000
const perInsert = 500

for (const engine of engines) {
  describe(`an account with ${crowd} sessions, on ${engine}`, async () => {
    const world = await testWorld({ engine, env: { PROPUSK_SESSIONS_PER_ACCOUNT: '100000' } })
    const nowMs = world.clock.nowMs()

    const crowdIn = async (userId: number) => {
      const row = () => ({
        uuid: systemRandom.orderedUuid(nowMs),
        user_id: userId,
        ip_address: '203.0.113.24',
        user_agent: 'a stolen password',
        created_at: nowMs,
        last_used_at: nowMs,
        expires_at: nowMs + 86_400_000,
        is_active: true,
        ended_at: null,
        end_reason: null,
      })
      for (let done = 0; done < crowd; done += perInsert) {
        const rows = Array.from({ length: perInsert }, row)
        await world.core.database.transaction(trx => trx.insertInto('sessions').values(rows).execute())
      }
    }

    it('can still change its password, which ends them all', async () => {
      const owner = await world.register()
      await crowdIn(owner.id)
      const password = 'seven quiet lamps at noon'
      const changed = await world.call('POST', '/me/password/', {
        token: owner.access,
        body: { current_password: owner.password, password, password2: password },
      })
      assert.equal(changed.status, 204, changed.text)
      const sessions = await world.call('GET', '/me/sessions/', { token: owner.access })
      assert.equal(sessions.body.length, 1)
    })
  })
}
