import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Handle } from '../../server/src/store/index.ts'
import { testWorld } from '../support/world.ts'
import { readAccounts } from './read-accounts.ts'

const world = await testWorld()
const person = await world.register()
const { id } = person
const pair = await world.call('POST', '/token/refresh/', { body: { refresh: person.refresh } })
assert.equal(pair.status, 200)
const second = await world.login(person)
assert.equal((await world.call('POST', '/logout/', { token: second.access })).status, 204)

/** The picture of the one account, after the database was tampered with. Nothing of it stays. */
async function pictureAfter(tamper: (trx: Handle) => Promise<unknown>) {
  const undo = new Error('undo')
  let read: Promise<unknown> = Promise.resolve()
  await world.core.database
    .transaction(async trx => {
      await tamper(trx)
      read = readAccounts(trx, [id], world.clock.nowMs())
      await Promise.allSettled([read])
      throw undo
    })
    .catch(error => assert.equal(error, undo))
  return read
}

describe('the check of what is stored', () => {
  it('sees a sound account as it is', async () => {
    const account = (await readAccounts(world.core.database.read, [id], world.clock.nowMs())).get(id)!
    const sessions = Object.values(account.sessions)
    assert.deepEqual(
      sessions.map(({ endReason, tokens }) => [endReason, tokens]).sort(),
      [
        [null, 2],
        ['logout', 1],
      ].sort(),
    )
    const actions = account.events.map(event => event.split(' ')[0])
    assert.deepEqual(actions, ['session.logout', 'user.login', 'user.register'])
  })

  it('finds a session without a token that is not spent', async () => {
    await assert.rejects(
      pictureAfter(trx => trx.deleteFrom('refresh_tokens').where('spent_at', 'is', null).execute()),
      /not spent/,
    )
  })

  it('finds a spent token that works again', async () => {
    const respend = { spent_at: null, successor_jti: null, successor_sealed: null }
    await assert.rejects(
      pictureAfter(trx => trx.updateTable('refresh_tokens').set(respend).execute()),
      /not spent/,
    )
  })

  it('finds an ended session whose tokens are not revoked', async () => {
    const revived = { is_revoked: false, revoked_at: null }
    await assert.rejects(
      pictureAfter(trx => trx.updateTable('refresh_tokens').set(revived).execute()),
      /revoked tokens/,
    )
  })

  it('the check of the stored accounts finds an ended session without a change in the ledger', async () => {
    await assert.rejects(
      pictureAfter(trx => trx.deleteFrom('changes').execute()),
      /the ledger does not say so/,
    )
  })

  it('finds a session whose birth the audit does not know', async () => {
    const orphan = {
      uuid: '01900000-0000-7000-8000-000000000000',
      ip_address: '127.0.0.1',
      user_agent: 'a test',
      created_at: 1,
      last_used_at: 1,
      expires_at: 2,
      is_active: true,
      ended_at: null,
      end_reason: null,
    }
    await assert.rejects(
      pictureAfter(trx =>
        trx
          .insertInto('sessions')
          .values({ ...orphan, user_id: id })
          .execute(),
      ),
      /births in the audit/,
    )
  })
})
