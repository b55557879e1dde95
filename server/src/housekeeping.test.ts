import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { testWorld } from '../../test/support/world.ts'
import { keepHouse } from './housekeeping.ts'
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
    const failures = await keepHouse({ ...core, rotateDueKey: () => Promise.reject(lost) })
    assert.deepEqual(failures, [{ step: 'rotateKeyIfDue', cause: lost }])
    assert.equal(await liveSessions(), 0)
  })

  it('goes on after its first step has failed', async () => {
    const [before] = await core.stores.keys.list()
    clock.advance(91 * 24 * 3_600_000)
    let asked = 0
    const failures = await keepHouse({
      ...core,
      transaction: work => (asked++ === 0 ? Promise.reject(new Error('gone')) : core.transaction(work)),
      rotateDueKey,
    })
    assert.deepEqual(
      failures.map(({ step }) => step),
      ['endExpiredSessions'],
    )
    clock.advance(publishAheadMs)
    assert.deepEqual(await keepHouse({ ...core, rotateDueKey }), [])
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
    assert.deepEqual(await keepHouse({ ...core, rotateDueKey }), [])
    const { first_name_key } = await core.database.read
      .selectFrom('users')
      .select('first_name_key')
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
    assert.equal(first_name_key, nameKeyOf('Ёж'))
  })

  it('does nothing more once it is told to stop', async () => {
    await register()
    clock.advance(25 * 3_600_000)
    const before = await liveSessions()
    assert.deepEqual(await keepHouse({ ...core, rotateDueKey, goOn: () => false }), [])
    assert.equal(await liveSessions(), before)
  })
})
