import assert from 'node:assert/strict'
import { before, it } from 'node:test'
import { sql } from 'kysely'
import { eachEngine } from '../../../../test/support/engines.ts'
import { newUser } from '../../../../test/support/rows.ts'
import { nameKeyOf } from '../../kernel/index.ts'
import type { Database } from '../database.ts'
import { fillNameKeys, nameOrder } from './name-order.ts'

eachEngine('the keys of names', (open, { engine }) => {
  let database: Database

  const fill = (most = 100) => database.transaction(trx => fillNameKeys(trx, most))
  const peopleInOrder = async () =>
    (
      await database.read
        .selectFrom('users')
        .select('last_name')
        .where('last_name', 'is not', null)
        .orderBy(nameOrder(database.read, 'last_name'))
        .orderBy('id')
        .execute()
    ).map(({ last_name }) => last_name)
  const write = (email: string, last_name: string | null) =>
    database.transaction(trx =>
      trx.updateTable('users').set({ last_name }).where('email', '=', email).execute(),
    )
  const keyOf = async (email: string) =>
    (
      await database.read
        .selectFrom('users')
        .select('last_name_key')
        .where('email', '=', email)
        .executeTakeFirstOrThrow()
    ).last_name_key

  before(async () => {
    database = await open()
    // Resources that later migrations have added come without a key.
    await fill()
    // As a release writes them that knows no keys.
    const rows = ['яна', 'Ёж', 'Ель', 'anna', 'Boris', ''].map((last_name, index) => ({
      ...newUser(`person-${index}@example.com`),
      last_name,
    }))
    await database.transaction(trx => trx.insertInto('users').values(rows).execute())
    await database.transaction(trx =>
      trx
        .insertInto('roles')
        .values({ name: 'Роль', code_name: 'role', description: null, search_text: '' })
        .execute(),
    )
  })

  it('are there for what the migration found', async () => {
    const rows = await database.read.selectFrom('actions').select(['name', 'name_key']).execute()
    assert.ok(rows.length > 3)
    for (const { name, name_key } of rows) assert.equal(name_key, nameKeyOf(name))
  })

  it('are made for the rows of an older release, so many at a time, until none is left', async () => {
    assert.deepEqual(await peopleInOrder(), ['', 'Boris', 'anna', 'Ёж', 'Ель', 'яна'])
    const counts = [await fill(2), await fill(2), await fill(2), await fill(2)]
    assert.deepEqual(counts, [3, 2, 1, 0])
    assert.deepEqual(await peopleInOrder(), ['', 'anna', 'Boris', 'Ёж', 'Ель', 'яна'])
    const [role] = await database.read
      .selectFrom('roles')
      .select('name_key')
      .where('code_name', '=', 'role')
      .execute()
    assert.equal(role!.name_key, nameKeyOf('Роль'))
  })

  it('of another name do not count, and are made anew', async () => {
    await write('person-0@example.com', 'Aаron')
    await write('person-3@example.com', 'nna')
    assert.deepEqual(await peopleInOrder(), ['', 'Aаron', 'Boris', 'nna', 'Ёж', 'Ель'].toSorted())
    assert.equal(await fill(), 2)
    assert.equal(await keyOf('person-0@example.com'), nameKeyOf('Aаron'))
    assert.equal(await keyOf('person-3@example.com'), nameKeyOf('nna'))
    assert.equal(await fill(), 0)
  })

  it('go with the name that an older release has removed', async () => {
    await write('person-1@example.com', null)
    assert.equal(await fill(), 1)
    assert.equal(await keyOf('person-1@example.com'), null)
    assert.equal(await fill(), 0)
  })

  it('are read from an index, in whose order a list is', async () => {
    const plan = await database.transaction(async trx => {
      if (engine === 'postgres') await sql`set local enable_seqscan = off`.execute(trx)
      if (engine === 'postgres') await sql`set local enable_sort = off`.execute(trx)
      const explain = engine === 'postgres' ? sql`explain` : sql`explain query plan`
      const { rows } = await sql`${explain} select id from users
        order by ${nameOrder(trx, 'last_name')}, id limit 2`.execute(trx)
      return JSON.stringify(rows)
    })
    assert.match(plan, /users__last_name_key__index/)
    assert.doesNotMatch(plan, /sort|temp b-tree/i)
  })
})
