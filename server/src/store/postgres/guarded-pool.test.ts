import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { freshDatabaseUrl } from '../../../../test/support/engines.ts'
import { newUser } from '../../../../test/support/rows.ts'
import { isUniqueViolation, openDatabase, preparedQuery } from '../index.ts'

const addUser = preparedQuery((db, { email }: { email: string }) =>
  db.insertInto('users').values(newUser(email)).returning('id'),
)
const countUsers = preparedQuery(db =>
  db.selectFrom('users').select(eb => eb.fn.countAll<number>().as('count')),
)

describe('statements that travel together, on postgres', async () => {
  const db = await openDatabase(await freshDatabaseUrl('postgres'))
  await db.migrate()
  after(() => db.close())

  it('run in the order in which they were sent', async () => {
    const [before, , between] = await db.transaction(trx =>
      Promise.all([countUsers(trx), addUser(trx, { email: 'a@example.com' }), countUsers(trx)]),
    )
    assert.deepEqual([before[0]?.count, between[0]?.count], [0, 1])
  })

  it('give the cause when one of them fails, whichever of them answers first', async () => {
    const late = db.transaction(async trx => {
      // Awaited from the start: its failure may arrive alone, before that of the other.
      const failing = Promise.allSettled([addUser(trx, { email: 'a@example.com' })])
      const [other] = await Promise.allSettled([countUsers(trx)])
      await failing
      return Promise.reject(other.status === 'rejected' ? other.reason : new Error('did not fail'))
    })
    await assert.rejects(late, (error: unknown) => isUniqueViolation(error, 'users', 'email'))
    assert.equal((await countUsers(db.read))[0]?.count, 1)
  })
})
