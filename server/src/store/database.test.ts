import assert from 'node:assert/strict'
import { before, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { eachEngine } from '../../../test/support/engines.ts'
import { newUser } from '../../../test/support/rows.ts'
import { Rejection } from '../kernel/index.ts'
import { type Database, type Handle, isUniqueViolation } from './index.ts'

const addUser = async (trx: Handle, email: string): Promise<number> =>
  (await trx.insertInto('users').values(newUser(email)).returning('id').executeTakeFirstOrThrow()).id

const emails = async (read: Handle): Promise<string[]> =>
  (await read.selectFrom('users').select('email').orderBy('id').execute()).map(row => row.email)

eachEngine('the database', open => {
  let db: Database

  before(async () => {
    db = await open()
  })

  it('keeps what a transaction wrote once it has returned', async () => {
    const id = await db.transaction(trx => addUser(trx, 'kept@example.com'))
    const row = await db.read.selectFrom('users').select('email').where('id', '=', id).executeTakeFirst()
    assert.deepEqual(row, { email: 'kept@example.com' })
  })

  it('keeps nothing of a transaction that threw, and passes the error on', async () => {
    const failure = new Error('changed my mind')
    const attempt = db.transaction(async trx => {
      await addUser(trx, 'thrown@example.com')
      throw failure
    })
    await assert.rejects(attempt, failure)
    assert.equal((await emails(db.read)).includes('thrown@example.com'), false)
  })

  it('never gives an id again, not even after the newest row has gone', async () => {
    const addRole = (code_name: string) =>
      db.transaction(
        async trx =>
          (
            await trx
              .insertInto('roles')
              .values({ name: code_name, code_name, description: null, search_text: code_name })
              .returning('id')
              .executeTakeFirstOrThrow()
          ).id,
      )
    const first = await addRole('short-lived')
    await db.transaction(trx => trx.deleteFrom('roles').where('id', '=', first).execute())
    assert.ok((await addRole('next')) > first)
  })

  it('reports which unique column was taken', async () => {
    const values = newUser('taken@example.com')
    await db.transaction(trx => trx.insertInto('users').values(values).execute())
    const error = await db
      .transaction(trx => trx.insertInto('users').values(values).execute())
      .then(
        () => undefined,
        error => error,
      )
    assert.equal(isUniqueViolation(error, 'users', 'email'), true)
    assert.equal(isUniqueViolation(error, 'users', 'id'), false)
    assert.equal(isUniqueViolation(error, 'roles', 'name'), false)
  })

  it('distinguishes a taken name from a taken code name, and knows keys of several columns', async () => {
    const role = { name: 'Editor', code_name: 'editor', description: null, search_text: '' }
    await db.transaction(trx => trx.insertInto('roles').values(role).execute())
    const fails = (work: (trx: Handle) => Promise<unknown>) =>
      db.transaction(work).then(
        () => undefined,
        error => error,
      )
    const sameCode = await fails(trx =>
      trx
        .insertInto('roles')
        .values({ ...role, name: 'Other' })
        .execute(),
    )
    assert.equal(isUniqueViolation(sameCode, 'roles', 'code_name'), true)
    assert.equal(isUniqueViolation(sameCode, 'roles', 'name'), false)
    const twice = [
      { resource_id: 1, action_id: 1 },
      { resource_id: 1, action_id: 1 },
    ]
    const samePair = await fails(trx => trx.insertInto('permissions').values(twice).execute())
    assert.equal(isUniqueViolation(samePair, 'permissions', 'action_id'), true)
  })

  it('does not call another broken rule a unique violation', async () => {
    const error = await db
      .transaction(trx => addUser(trx, 'Not-Canonical@example.com'))
      .then(
        () => undefined,
        error => error,
      )
    assert.ok(error instanceof Error && !(error instanceof Rejection))
    assert.equal(isUniqueViolation(error, 'users', 'email'), false)
  })

  it('counts every one of many increments made at the same time', async () => {
    const id = await db.transaction(trx => addUser(trx, 'counter@example.com'))
    const increment = () =>
      db.transaction(trx =>
        trx
          .updateTable('users')
          .set(row => ({ updated_at: row('updated_at', '+', 1) }))
          .where('id', '=', id)
          .execute(),
      )
    await Promise.all(Array.from({ length: 40 }, increment))
    const { updated_at } = await db.read
      .selectFrom('users')
      .select('updated_at')
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
    assert.equal(updated_at, newUser('').updated_at + 40)
  })

  it('lets a failing transaction harm none of those that arrived with it', async () => {
    const results = await Promise.allSettled(
      ['one@n.example', 'two@n.example', 'two@n.example', 'three@n.example'].map(email =>
        db.transaction(trx => addUser(trx, email)),
      ),
    )
    assert.deepEqual(results.filter(result => result.status === 'rejected').length, 1)
    const found = (await emails(db.read)).filter(email => email.endsWith('@n.example'))
    assert.deepEqual(found.sort(), ['one@n.example', 'three@n.example', 'two@n.example'])
  })

  it('shows a reader nothing that is not committed, and does not make it wait', async () => {
    const written = Promise.withResolvers<void>()
    const mayCommit = Promise.withResolvers<void>()
    const writing = db.transaction(async trx => {
      await addUser(trx, 'unseen@example.com')
      written.resolve()
      await mayCommit.promise
    })
    await written.promise
    assert.equal((await emails(db.read)).includes('unseen@example.com'), false)
    mayCommit.resolve()
    await writing
    assert.equal((await emails(db.read)).includes('unseen@example.com'), true)
  })

  it('spoils the whole transaction when a statement failed, even if the error was caught', async () => {
    const attempt = db.transaction(async trx => {
      await addUser(trx, 'before-failure@example.com')
      await addUser(trx, 'NOT CANONICAL').catch(() => {})
    })
    await assert.rejects(attempt)
    assert.equal((await emails(db.read)).includes('before-failure@example.com'), false)
  })

  it('refuses a transaction inside another one instead of waiting for ever', async () => {
    const attempt = db.transaction(() => db.transaction(async () => 'never'))
    await assert.rejects(attempt, TypeError)
    assert.equal(await db.transaction(async () => 'goes on'), 'goes on')
  })

  it('takes a transaction from a timer that an earlier one left behind', async () => {
    const { promise, resolve, reject } = Promise.withResolvers<string>()
    await db.transaction(async () => {
      setTimeout(() => db.transaction(async () => 'later').then(resolve, reject), 20)
    })
    assert.equal(await promise, 'later')
  })

  it('leaves a handle dead after its transaction is over', async () => {
    const leaked = await db.transaction(async trx => ({ trx }))
    await assert.rejects(addUser(leaked.trx, 'late@example.com'))
    assert.equal((await emails(db.read)).includes('late@example.com'), false)
  })

  it('refuses a parameter that the engines would read differently', async () => {
    const find = (email: unknown) =>
      db.read
        .selectFrom('users')
        .selectAll()
        .where('email', '=', email as string)
        .execute()
    await assert.rejects(find(undefined), TypeError)
    await assert.rejects(find('nul\0'), TypeError)
    await assert.rejects(find(Number.NaN), TypeError)
    await assert.rejects(find(2 ** 53), TypeError)
    await assert.rejects(find(new Uint8Array([1]).buffer), TypeError)
  })

  it('keeps every time and id exact up to the largest safe integer, and counts in numbers', async () => {
    const id = await db.transaction(trx => addUser(trx, 'far-future@example.com'))
    const far = Number.MAX_SAFE_INTEGER
    await db.transaction(trx =>
      trx.updateTable('users').set({ last_login: far }).where('id', '=', id).execute(),
    )
    const row = await db.read
      .selectFrom('users')
      .select(query => ['last_login', query.fn.countAll<number>().as('count')])
      .where('id', '=', id)
      .groupBy('last_login')
      .executeTakeFirstOrThrow()
    assert.deepEqual(row, { last_login: far, count: 1 })
  })

  it('reports how many rows a guarded update touched', async () => {
    const id = await db.transaction(trx => addUser(trx, 'guarded@example.com'))
    const login = (at: number) =>
      db.transaction(trx =>
        trx
          .updateTable('users')
          .set({ last_login: at })
          .where('id', '=', id)
          .where('last_login', 'is', null)
          .executeTakeFirst(),
      )
    assert.deepEqual([(await login(1)).numUpdatedRows, (await login(2)).numUpdatedRows], [1n, 0n])
  })

  it('orders text byte for byte', async () => {
    const names = ['b', 'A', 'a', 'Z', 'é', 'я', 'Я', '_', '1']
    await db.transaction(async trx => {
      for (const [index, name] of names.entries()) {
        await trx
          .insertInto('users')
          .values({ ...newUser(`order${index}@o.example`), first_name: name })
          .execute()
      }
    })
    const rows = await db.read
      .selectFrom('users')
      .select('first_name')
      .where('email', 'like', '%@o.example')
      .orderBy('first_name')
      .execute()
    const expected = names.toSorted((left, right) => Buffer.compare(Buffer.from(left), Buffer.from(right)))
    assert.deepEqual(
      rows.map(row => row.first_name),
      expected,
    )
  })

  it('answers a ping', () => db.ping())
})

eachEngine('a database with short timeouts', open => {
  const hasty = { timeouts: { transactionMs: 1_000, connectMs: 5_000 } }

  it('cuts off a transaction that does not end, keeps nothing of it, and goes on with the next', async () => {
    const db = await open(hasty)
    const finish = Promise.withResolvers<void>()
    let late: Promise<unknown> | undefined
    const stuck = db.transaction(async trx => {
      await addUser(trx, 'stuck@example.com')
      await finish.promise
      late = addUser(trx, 'late@example.com')
      await late
    })
    await assert.rejects(stuck, { code: 'unavailable' })
    await db.transaction(trx => addUser(trx, 'next@example.com'))
    finish.resolve()
    await sleep(20)
    await assert.rejects(late!)
    assert.deepEqual(await emails(db.read), ['next@example.com'])
  })
})

eachEngine('a closed database', open => {
  it('finishes the transactions that run, refuses new ones, and can be closed twice', async () => {
    const db = await open()
    const begun = Promise.withResolvers<void>()
    const running = db.transaction(trx => {
      begun.resolve()
      return addUser(trx, 'in-time@example.com')
    })
    await begun.promise
    const closing = db.close()
    await running
    await closing
    await db.close()
    await assert.rejects(
      db.transaction(trx => addUser(trx, 'too-late@example.com')),
      { code: 'unavailable' },
    )
    await assert.rejects(db.ping(), { code: 'unavailable' })
  })
})
