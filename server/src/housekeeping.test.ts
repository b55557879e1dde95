import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { engines } from '../../test/support/engines.ts'
import { newUser } from '../../test/support/rows.ts'
import { testWorld } from '../../test/support/world.ts'
import { runHousekeeping } from './housekeeping.ts'
import { nameKeyOf } from './kernel/index.ts'
import { publishAheadMs } from './keys/index.ts'

describe('a round of housekeeping', async () => {
  const { core, clock, server, register } = await testWorld()
  const liveSessions = async () =>
    (await core.database.read.selectFrom('sessions').select('id').where('is_active', '=', true).execute())
      .length
  const rotateDueKey = () => server.keys.rotateIfDue()

  it('names the step that failed, and does the others', async () => {
    await register()
    clock.advance(25 * 3_600_000)
    const lost = new Error('no key')
    const failures = await runHousekeeping({ ...core, rotateDueKey: () => Promise.reject(lost) })
    assert.deepEqual(failures, [{ step: 'rotateKeyIfDue', cause: lost }])
    assert.equal(await liveSessions(), 0)
  })

  it('goes on after its first step has failed', async () => {
    const [before] = await core.stores.keys.list()
    clock.advance(91 * 24 * 3_600_000)
    let asked = 0
    const failures = await runHousekeeping({
      ...core,
      transaction: work => (asked++ === 0 ? Promise.reject(new Error('gone')) : core.transaction(work)),
      rotateDueKey,
    })
    assert.deepEqual(
      failures.map(({ step }) => step),
      ['endExpiredSessions'],
    )
    clock.advance(publishAheadMs)
    assert.deepEqual(await runHousekeeping({ ...core, rotateDueKey }), [])
    const keys = await core.stores.keys.list()
    assert.deepEqual(
      keys.map(({ kid, state }) => [kid === before?.kid, state]),
      [
        [true, 'retired'],
        [false, 'signing'],
      ],
    )
  })

  it('makes the keys of names that an older release has written', async () => {
    const { id } = await register()
    const older = { first_name: 'Ёж', first_name_key: null }
    await core.database.transaction(trx => trx.updateTable('users').set(older).where('id', '=', id).execute())
    assert.deepEqual(await runHousekeeping({ ...core, rotateDueKey }), [])
    const { first_name_key } = await core.database.read
      .selectFrom('users')
      .select('first_name_key')
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
    assert.equal(first_name_key, nameKeyOf('Ёж'))
  })

  it('a round of housekeeping does nothing more once it is stopped', async () => {
    await register()
    clock.advance(25 * 3_600_000)
    const before = await liveSessions()
    assert.deepEqual(await runHousekeeping({ ...core, rotateDueKey, goOn: () => false }), [])
    assert.equal(await liveSessions(), before)
  })
})

for (const engine of engines) {
  describe(`a backlog of housekeeping, on ${engine}`, () => {
    it('is worked off in transactions of a hundred rows each, however many rows hang on each of them', async () => {
      const { core } = await testWorld({ engine })
      const { read } = core.database
      const nowMs = core.clock.nowMs()
      const [sessionCount, tokensOfEach, dayMs] = [250, 5, 24 * 3_600_000]
      // A third each: expired just now, long ago, and so long ago that the row goes.
      const endsOf = (session: number) => nowMs - [1, 45 * dayMs, 120 * dayMs][session % 3]!
      await core.database.transaction(async trx => {
        const { id: user_id } = await trx
          .insertInto('users')
          .values(newUser('ann@example.org'))
          .returning('id')
          .executeTakeFirstOrThrow()
        for (let session = 0; session < sessionCount; session++) {
          const expires_at = endsOf(session)
          const created_at = expires_at - dayMs
          const origin = { ip_address: '192.0.2.1', user_agent: 'curl/8.16.0' }
          const { id: session_id } = await trx
            .insertInto('sessions')
            .values({
              ...{ uuid: core.random.orderedUuid(created_at), user_id, ...origin, created_at },
              ...{ last_used_at: created_at, expires_at, is_active: true, ended_at: null, end_reason: null },
            })
            .returning('id')
            .executeTakeFirstOrThrow()
          const tokens = Array.from({ length: tokensOfEach }, () => ({
            ...{ jti: core.random.uuid(), session_id, user_id, issued_at: created_at, expires_at, ...origin },
            ...{ is_revoked: false, revoked_at: null, last_used_at: null, spent_at: null },
            ...{ successor_jti: null, successor_sealed: null },
          }))
          await trx.insertInto('refresh_tokens').values(tokens).execute()
        }
      })
      const state = async () => {
        const sessions = await read.selectFrom('sessions').selectAll().execute()
        const tokens = await read.selectFrom('refresh_tokens').selectAll().execute()
        return new Map([...sessions, ...tokens].map(row => [JSON.stringify(row), row]))
      }
      const changed: number[] = []
      const transaction: typeof core.transaction = async work => {
        const before = await state()
        const result = await core.transaction(work)
        const after = await state()
        changed.push([...before.keys()].filter(row => !after.has(row)).length)
        return result
      }
      assert.deepEqual(await runHousekeeping({ ...core, transaction, rotateDueKey: async () => {} }), [])
      // A session that is told to forget where it was used may come with the last portion of its tokens.
      assert.ok(Math.max(...changed) <= 200, String(changed))
      const left = await read.selectFrom('sessions').selectAll().execute()
      assert.equal(left.filter(({ is_active }) => Boolean(is_active)).length, 0)
      assert.ok(left.every(({ expires_at }) => expires_at > nowMs - 90 * dayMs))
      assert.ok(left.every(({ ip_address, ended_at }) => ip_address !== '' || ended_at! < nowMs - 30 * dayMs))
      const tokens = await read.selectFrom('refresh_tokens').select('expires_at').execute()
      assert.ok(tokens.every(({ expires_at }) => expires_at > nowMs - dayMs))
    })
  })
}
