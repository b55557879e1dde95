import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { testWorld } from '../support/world.ts'

const nap = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))

describe('a change whose id becomes visible late, on postgres', async () => {
  const world = await testWorld({ engine: 'postgres' })
  it('is obeyed all the same', async () => {
    const slow = await world.register()
    const quick = await world.register()
    const logOut = (id: number, waitMs: number) =>
      world.core.database.transaction(async trx => {
        await trx.insertInto('changes').values({
          kind: 'user_logged_out', session_uuid: null, user_id: id,
          details: JSON.stringify({ kind: 'user_logged_out', userId: id, beforeMs: world.clock.nowMs() }),
          created_at: world.clock.nowMs(), expires_at: world.clock.nowMs() + 660_000,
        }).execute()
        const until = Date.now() + waitMs
        while (Date.now() < until) { await nap(500); await trx.selectFrom('users').select('id').limit(1).execute() }
      })
    await nap(10_500)
    const late = logOut(slow.id, 4_000)
    await nap(200)
    await logOut(quick.id, 0)
    await late
    await nap(400)
    for (const { access } of [slow, quick]) assert.equal((await world.call('GET', '/me/', { token: access })).status, 401)
  })
})
