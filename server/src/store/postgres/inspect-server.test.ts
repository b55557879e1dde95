import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { freshDatabaseUrl } from '../../../../test/support/engines.ts'
import { startPostgres } from '../../../../test/support/postgres-cluster.ts'
import { openDatabase } from '../index.ts'

async function noticesOf(url: string): Promise<readonly string[]> {
  const database = await openDatabase(url)
  try {
    return await database.inspect()
  } finally {
    await database.close()
  }
}

describe('a PostgreSQL that answers before a write is safe', () => {
  it('is named, with each setting that makes it so', async () => {
    // As nearly all tests have it: nothing of theirs outlives the run.
    const [notice = '', ...others] = await noticesOf(await freshDatabaseUrl('postgres'))
    assert.match(notice, /with fsync, full_page_writes, synchronous_commit = off: a crash can take back/)
    assert.deepEqual(others, [])
  })

  it('is not one that waits for the disk', async () => {
    const durable = await startPostgres({ durable: true })
    try {
      assert.deepEqual(await noticesOf(durable.url), [])
    } finally {
      await durable.stop()
    }
  })
})
