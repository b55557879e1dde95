import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import pg from 'pg'
import { freshDatabaseUrl } from '../../../../test/support/engines.ts'
import { longestWaitMs } from '../../../../test/support/eventually.ts'
import { MoveTarget } from './move-target.ts'

describe('the connection to the target of a move', () => {
  it('says why it was lost, also when no statement was in progress', async t => {
    const url = await freshDatabaseUrl('postgres')
    const admin = new pg.Client({ connectionString: url })
    await admin.connect()
    await admin.query('create table users (id bigint)')
    const target = await MoveTarget.connect(url)
    try {
      await target.begin(['users'])
      const isThere = async () =>
        (
          await admin.query(`select pid from pg_locks
          where relation = 'users'::regclass and mode = 'AccessExclusiveLock'`)
        ).rows
      const [{ pid }] = await isThere()
      await admin.query('select pg_terminate_backend($1)', [pid])
      await t.waitFor(async () => assert.deepEqual(await isThere(), []), { timeout: longestWaitMs })
      await assert.rejects(target.columns(), /terminating connection due to administrator command/)
    } finally {
      await target.close()
      await admin.end()
    }
  })
})
