import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { eventually } from '../support/eventually.ts'
import { type Account, testWorld } from '../support/world.ts'

describe('a change whose id becomes visible late, on postgres', async () => {
  const world = await testWorld({ engine: 'postgres' })
  const { clock, core } = world

  /** Writes the row of a log-out everywhere, and commits when told. */
  const logOut = ({ id }: Account, mayCommit?: Promise<void>) =>
    core.database.transaction(async trx => {
      const nowMs = clock.nowMs()
      const change = { kind: 'user_logged_out', userId: id, beforeMs: nowMs }
      await trx
        .insertInto('changes')
        .values({
          kind: change.kind,
          session_uuid: null,
          user_id: id,
          details: JSON.stringify(change),
          created_at: nowMs,
          expires_at: nowMs + 660_000,
        })
        .execute()
      await mayCommit
    })

  const me = async ({ access }: Account) => (await world.call('GET', '/me/', { token: access })).status

  it('is obeyed by a node that has read higher ids long before', async () => {
    const slow = await world.register()
    const quick = await world.register()
    // Old enough for its follower not to read the whole ledger any more.
    for (let read = 0; read < 3; read++) {
      clock.advance(11_000)
      assert.equal(await me(slow), 200)
    }
    const mayCommit = Promise.withResolvers<void>()
    const late = logOut(slow, mayCommit.promise)
    await logOut(quick)
    clock.advance(2_000)
    assert.equal(await me(quick), 401)
    // As long as a transaction may take at the most.
    clock.advance(7_000)
    assert.equal(await me(slow), 200)
    mayCommit.resolve()
    await late
    clock.advance(900)
    assert.ok(await eventually(async () => (await me(slow)) === 401))
  })
})
