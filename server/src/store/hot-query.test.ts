import assert from 'node:assert/strict'
import { it } from 'node:test'
import { eachEngine } from '../../../test/support/engines.ts'
import { newUser } from '../../../test/support/rows.ts'
import type { Handle } from './database.ts'
import { hotQuery } from './index.ts'

let built = 0

const usersOf = hotQuery((db, email: string, isActive: boolean, sinceMs: number) => {
  built += 1
  return db
    .selectFrom('users')
    .select(['id', 'email'])
    .where('date_joined', '>=', sinceMs)
    .where('email', '=', email)
    .where('is_staff', '=', false)
    .where('is_active', '=', isActive)
})

const rename = hotQuery((db, id: number, first_name: string | null) =>
  db.updateTable('users').set({ first_name }).where('id', '=', id).returning(['id', 'first_name']),
)

const renameBoth = hotQuery(
  (db, { id, firstName, lastName }: { id: number; firstName: string; lastName: string }) =>
    db
      .updateTable('users')
      .set({ first_name: firstName, last_name: lastName, middle_name: lastName })
      .where('id', '=', id)
      .returning(['id', 'first_name', 'last_name', 'middle_name']),
)

const addUser = (trx: Handle, email: string) =>
  trx.insertInto('users').values(newUser(email)).returning('id').executeTakeFirstOrThrow()

eachEngine('a hot query', open => {
  it('puts each argument in its place, and keeps the constants of the query', async () => {
    const db = await open()
    const { id } = await db.transaction(trx => addUser(trx, 'anna@example.com'))
    const email = 'anna@example.com'
    assert.deepEqual(await usersOf(db.read, email, true, 0), [{ id, email }])
    assert.deepEqual(await usersOf(db.read, email, false, 0), [])
    assert.deepEqual(await usersOf(db.read, email, true, Number.MAX_SAFE_INTEGER), [])
    assert.deepEqual(await usersOf(db.read, 'nobody@example.com', true, 0), [])
  })

  it('takes arguments by their names, each as often as it is named', async () => {
    const db = await open()
    const { id } = await db.transaction(trx => addUser(trx, 'named@example.com'))
    const named = { lastName: 'Petrova', id, firstName: 'Anna' }
    const again = { ...named, firstName: 'Boris' }
    for (const each of [named, again]) {
      const rows = await db.transaction(trx => renameBoth(trx, each))
      assert.deepEqual(rows, [
        { id, first_name: each.firstName, last_name: 'Petrova', middle_name: 'Petrova' },
      ])
    }
  })

  it('is built once for an engine, however often it runs', async () => {
    const db = await open()
    await usersOf(db.read, 'a@example.com', true, 0)
    const before = built
    for (let run = 0; run < 5; run++) await usersOf(db.read, 'a@example.com', true, run)
    await db.transaction(trx => usersOf(trx, 'a@example.com', true, 0))
    assert.equal(built, before)
  })

  it('is part of the transaction whose handle it is given: rolled back with it, and over when it is', async () => {
    const db = await open()
    const { id } = await db.transaction(trx => addUser(trx, 'boris@example.com'))
    let kept: Handle | undefined
    const interrupted = db.transaction(async trx => {
      kept = trx
      assert.deepEqual(await rename(trx, id, 'Boris'), [{ id, first_name: 'Boris' }])
      throw new Error('interrupted')
    })
    await assert.rejects(interrupted, /interrupted/)
    await assert.rejects(rename(kept!, id, 'Boris'))
    assert.deepEqual(await db.transaction(trx => rename(trx, id, null)), [{ id, first_name: null }])
  })

  it('refuses to write on the read handle, and what no column holds', async () => {
    const db = await open()
    await assert.rejects(rename(db.read, 1, 'x\0'), /NUL/)
    if (db.engine === 'sqlite') await assert.rejects(rename(db.read, 1, 'x'), /cannot write/)
  })
})
