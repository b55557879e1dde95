import assert from 'node:assert/strict'
import { it } from 'node:test'
import { eachEngine } from '../../../test/support/engines.ts'
import { newUser } from '../../../test/support/rows.ts'
import type { Handle } from './database.ts'
import { preparedQuery } from './index.ts'

let built = 0

const usersOf = preparedQuery(
  (db, { email, isActive, sinceMs }: { email: string; isActive: boolean; sinceMs: number }) => {
    built += 1
    return db
      .selectFrom('users')
      .select(['id', 'email'])
      .where('date_joined', '>=', sinceMs)
      .where('email', '=', email)
      .where('is_staff', '=', false)
      .where('is_active', '=', isActive)
  },
)

const rename = preparedQuery((db, { id, first_name }: { id: number; first_name: string | null }) =>
  db.updateTable('users').set({ first_name }).where('id', '=', id).returning(['id', 'first_name']),
)

const addUser = (trx: Handle, email: string) =>
  trx.insertInto('users').values(newUser(email)).returning('id').executeTakeFirstOrThrow()

eachEngine('a prepared query', open => {
  it('binds each parameter by its name, and keeps the constants of the query', async () => {
    const db = await open()
    const { id } = await db.transaction(trx => addUser(trx, 'anna@example.com'))
    const email = 'anna@example.com'
    assert.deepEqual(await usersOf(db.read, { email, isActive: true, sinceMs: 0 }), [{ id, email }])
    assert.deepEqual(await usersOf(db.read, { email, isActive: false, sinceMs: 0 }), [])
    assert.deepEqual(await usersOf(db.read, { email, isActive: true, sinceMs: Number.MAX_SAFE_INTEGER }), [])
    assert.deepEqual(await usersOf(db.read, { email: 'nobody@example.com', isActive: true, sinceMs: 0 }), [])
  })

  it('binds the same values whatever the order in which they are named', async () => {
    const db = await open()
    const { id } = await db.transaction(trx => addUser(trx, 'vera@example.com'))
    const email = 'vera@example.com'
    assert.deepEqual(await usersOf(db.read, { sinceMs: 0, isActive: true, email }), [{ id, email }])
  })

  it('does not take its parameters by a spread, in which no name is known', async () => {
    const db = await open()
    const spread = preparedQuery((trx, names: { first_name: string }) =>
      trx.updateTable('users').set({ ...names }),
    )
    await assert.rejects(
      db.transaction(trx => spread(trx, { first_name: 'Boris' })),
      /named one by one/,
    )
  })

  it('is built once for an engine, however often it runs', async () => {
    const db = await open()
    await usersOf(db.read, { email: 'a@example.com', isActive: true, sinceMs: 0 })
    const before = built
    for (let run = 0; run < 5; run++)
      await usersOf(db.read, { email: 'a@example.com', isActive: true, sinceMs: run })
    await db.transaction(trx => usersOf(trx, { email: 'a@example.com', isActive: true, sinceMs: 0 }))
    assert.equal(built, before)
  })

  it('is part of the transaction whose handle it is given: rolled back with it, and over when it is', async () => {
    const db = await open()
    const { id } = await db.transaction(trx => addUser(trx, 'boris@example.com'))
    let kept: Handle | undefined
    const interrupted = db.transaction(async trx => {
      kept = trx
      assert.deepEqual(await rename(trx, { id, first_name: 'Boris' }), [{ id, first_name: 'Boris' }])
      throw new Error('interrupted')
    })
    await assert.rejects(interrupted, /interrupted/)
    await assert.rejects(rename(kept!, { id, first_name: 'Boris' }))
    assert.deepEqual(await db.transaction(trx => rename(trx, { id, first_name: null })), [
      { id, first_name: null },
    ])
  })

  it('refuses to write on the read handle, and what no column holds', async () => {
    const db = await open()
    await assert.rejects(rename(db.read, { id: 1, first_name: 'x\0' }), /NUL/)
    if (db.engine === 'sqlite')
      await assert.rejects(rename(db.read, { id: 1, first_name: 'x' }), /cannot write/)
  })
})
