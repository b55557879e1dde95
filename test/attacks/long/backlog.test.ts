import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { runHousekeeping } from '../../../server/src/housekeeping.ts'
import { systemRandom } from '../../../server/src/kernel/index.ts'
import { engines } from '../../support/engines.ts'
import { testWorld } from '../../support/world.ts'

const backlog = 5_000
const perInsert = 500

for (const engine of engines) {
  describe(`more expired rows than one sweep takes, on ${engine}`, async () => {
    const world = await testWorld({ engine })
    const { core, clock, server } = world

    it('are gone after one round of housekeeping, or a busy server would never catch up', async () => {
      const { id } = await world.register()
      const bornMs = clock.nowMs()
      const born = { user_id: id, ip_address: '203.0.113.24', user_agent: 'a busy client' }
      await core.database.transaction(async trx => {
        for (let done = 0; done < backlog; done += perInsert) {
          const sessions = Array.from({ length: perInsert }, () => ({
            ...born,
            uuid: systemRandom.orderedUuid(bornMs),
            created_at: bornMs,
            last_used_at: bornMs,
            expires_at: bornMs + 60_000,
            is_active: true,
            ended_at: null,
            end_reason: null,
          }))
          const started = await trx.insertInto('sessions').values(sessions).returning('id').execute()
          const tokens = started.map(session => ({
            ...born,
            jti: systemRandom.orderedUuid(bornMs),
            session_id: session.id,
            issued_at: bornMs,
            expires_at: bornMs + 60_000,
            is_revoked: false,
            revoked_at: null,
            last_used_at: null,
            spent_at: null,
            successor_jti: null,
            successor_sealed: null,
          }))
          await trx.insertInto('refresh_tokens').values(tokens).execute()
        }
      })
      clock.advance(72 * 3_600_000)
      await runHousekeeping({ ...core, rotateDueKey: () => server.keys.rotateIfDue() })
      const tokens = await core.database.read.selectFrom('refresh_tokens').select('jti').execute()
      assert.equal(tokens.length, 0)
      const live = core.database.read.selectFrom('sessions').select('id').where('is_active', '=', true)
      assert.equal((await live.execute()).length, 0)
    })
  })
}
