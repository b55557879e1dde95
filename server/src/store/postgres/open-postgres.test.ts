import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import pg from 'pg'
import { freshDatabaseUrl } from '../../../../test/support/engines.ts'
import { newUser } from '../../../../test/support/rows.ts'
import { type Database, type Handle, type OpenOptions, openDatabase, type StoreNotice } from '../index.ts'

const addUser = (trx: Handle, email: string) => trx.insertInto('users').values(newUser(email)).execute()
const backendPid = async (handle: Handle) =>
  (await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(handle)).rows[0]!.pid

describe('a PostgreSQL database', () => {
  let url: string
  let db: Database
  let admin: pg.Client
  const opened: Database[] = []

  const open = async (at = url, options?: OpenOptions) => {
    const database = await openDatabase(at, options)
    opened.push(database)
    return database
  }
  const terminate = (pid: number) => admin.query('select pg_terminate_backend($1, 60000)', [pid])
  const withQuery = (name: string, value: string) => {
    const changed = new URL(url)
    changed.searchParams.set(name, value)
    return changed.href
  }

  before(async () => {
    url = await freshDatabaseUrl('postgres')
    db = await open()
    await db.migrate()
    admin = new pg.Client({ connectionString: url })
    await admin.connect()
  })
  after(async () => {
    for (const database of opened) await database.close()
    await admin.end()
  })

  it('runs each session in UTC, with limits on its time', async () => {
    const setting = async (name: string) =>
      (await sql<{ value: string }>`select current_setting(${name}) as value`.execute(db.read)).rows[0]?.value
    assert.equal(await setting('TimeZone'), 'UTC')
    assert.equal(await setting('statement_timeout'), '5s')
    assert.equal(await setting('idle_in_transaction_session_timeout'), '5s')
    if (Number(await setting('server_version_num')) >= 170_000)
      assert.equal(await setting('transaction_timeout'), '5s')
    assert.equal(await setting('application_name'), 'propusk')
  })

  it('refuses an integer that a number cannot hold, rather than rounding it', async () => {
    await assert.rejects(sql`select 9007199254740993 as big`.execute(db.read), RangeError)
    await db.ping()
  })

  it('goes on after every idle connection was killed', async () => {
    const opened = await open(withQuery('application_name', 'propusk-idle-test'))
    await Promise.all(Array.from({ length: 4 }, () => opened.ping()))
    await terminateAll(admin, 'propusk-idle-test')
    await sleep(50)
    await opened.ping()
  })

  it('answers unavailable when its connection is killed in the middle of a transaction, and keeps nothing', async () => {
    const attempt = db.transaction(async trx => {
      await addUser(trx, 'killed@example.com')
      await terminate(await backendPid(trx))
      await addUser(trx, 'after-death@example.com')
    })
    await assert.rejects(attempt, { code: 'unavailable' })
    const found = await db.read.selectFrom('users').selectAll().where('email', 'like', '%killed%').execute()
    assert.deepEqual(found, [])
    await db.transaction(trx => addUser(trx, 'alive@example.com'))
  })

  it('answers unavailable when its connection is killed just before the commit', async () => {
    const attempt = db.transaction(async trx => {
      await addUser(trx, 'almost@example.com')
      await terminate(await backendPid(trx))
      await sleep(50)
    })
    await assert.rejects(attempt, { code: 'unavailable' })
  })

  it('answers unavailable to a statement that takes too long', async () => {
    const hasty = await open(url, { timeouts: { statementMs: 50 } })
    await assert.rejects(sql`select pg_sleep(10)`.execute(hasty.read), { code: 'unavailable' })
    await hasty.ping()
  })

  it('answers unavailable to a write when the server only reads', async () => {
    const options = `${new URL(url).searchParams.get('options')} -c default_transaction_read_only=on`
    const standby = await open(withQuery('options', options))
    await assert.rejects(
      standby.transaction(trx => addUser(trx, 'standby@example.com')),
      { code: 'unavailable' },
    )
    assert.ok(await standby.read.selectFrom('resources').selectAll().executeTakeFirst())
  })

  it('PostgreSQL is unavailable when nothing listens at its address, and when there is no such database', async () => {
    const elsewhere = new URL(url)
    elsewhere.port = '1'
    await assert.rejects((await open(elsewhere.href)).ping(), { code: 'unavailable' })
    const missing = new URL(url)
    missing.pathname = '/no_such_database'
    await assert.rejects((await open(missing.href)).ping(), { code: 'unavailable' })
  })

  it('answers unavailable when the pool stays exhausted', async t => {
    // Enough for ten connections to be made on a busy machine: the same limit is theirs.
    const small = await open(url, { timeouts: { connectMs: 1_500 } })
    const release = Promise.withResolvers<void>()
    let held = 0
    const holders = Array.from({ length: 10 }, () =>
      small.transaction(async () => {
        held += 1
        await release.promise
      }),
    )
    await t.waitFor(() => assert.equal(held, 10), { timeout: 10_000 })
    await assert.rejects(small.ping(), { code: 'unavailable' })
    release.resolve()
    await Promise.all(holders)
    await small.ping()
  })

  it('runs a transaction again that lost a deadlock, so that both are done', async () => {
    const ids = await db.transaction(trx =>
      trx
        .insertInto('users')
        .values([newUser('left@example.com'), newUser('right@example.com')])
        .returning('id')
        .execute(),
    )
    const [left, right] = [ids[0]!.id, ids[1]!.id]
    let runs = 0
    const touchBoth = (first: number, second: number) =>
      db.transaction(async trx => {
        runs += 1
        const touch = (id: number) =>
          trx
            .updateTable('users')
            .set(row => ({ updated_at: row('updated_at', '+', 1) }))
            .where('id', '=', id)
            .execute()
        await touch(first)
        await sleep(100)
        await touch(second)
      })
    await Promise.all([touchBoth(left, right), touchBoth(right, left)])
    assert.ok(runs > 2)
    const rows = await db.read
      .selectFrom('users')
      .select('updated_at')
      .where('id', 'in', [left, right])
      .execute()
    assert.deepEqual(
      rows.map(row => row.updated_at - newUser('').updated_at),
      [2, 2],
    )
  })

  it('applies a migration that lost a deadlock against a node that serves', async () => {
    for (const undo of [
      'alter table sessions drop column idle_ms, drop column ends_at',
      `delete from propusk_migrations where name = '0024_idle_sessions'`,
    ])
      await sql.raw(undo).execute(db.read)
    let migration: Promise<{ applied: string[] }> | undefined
    await db.transaction(async trx => {
      await sql`lock table propusk_migrations in share row exclusive mode`.execute(trx)
      migration ??= db.migrate()
      // It holds `sessions` once it waits for what is locked here, and looks for a deadlock after a second.
      const waiting = async () => (await admin.query('select 1 from pg_locks where not granted')).rowCount
      while (!(await waiting())) await sleep(10)
      await sql`select count(*) from sessions`.execute(trx)
    })
    assert.deepEqual(await migration, { applied: ['0024_idle_sessions'] })
  })

  it('gives up with unavailable on a transaction that can never be serialized', async () => {
    let runs = 0
    const attempt = db.transaction(trx => {
      runs += 1
      return sql`do $$ begin raise exception 'never' using errcode = 'serialization_failure'; end $$`.execute(
        trx,
      )
    })
    await assert.rejects(attempt, { code: 'unavailable' })
    assert.equal(runs, 3)
  })
})

describe('a wake-up on PostgreSQL', () => {
  let url: string
  const opened: Database[] = []
  const notices: StoreNotice[] = []

  const open = async () => {
    const database = await openDatabase(url, { log: notice => void notices.push(notice) })
    opened.push(database)
    return database
  }

  let admin: pg.Client

  before(async () => {
    url = `${await freshDatabaseUrl('postgres')}&application_name=propusk-wake-test`
    await (await open()).migrate()
    admin = new pg.Client({ connectionString: url, application_name: 'admin' })
    await admin.connect()
  })
  after(async () => {
    for (const database of opened) await database.close()
    await admin.end()
  })

  it('reaches another node after the commit, and not without one', async () => {
    const [writer, follower] = [await open(), await open()]
    const woken = listen(follower)
    await woken.next()
    const before = woken.count()
    await assert.rejects(
      writer.transaction(async trx => {
        await writer.wake(trx)
        throw new Error('rolled back')
      }),
    )
    await sleep(100)
    assert.equal(woken.count(), before)
    const next = woken.next()
    await writer.transaction(trx => writer.wake(trx))
    await next
  })

  it('comes back after its connection was killed, and wakes for what it may have missed', async () => {
    const [writer, follower] = [await open(), await open()]
    const woken = listen(follower)
    await woken.next()
    const back = woken.next()
    await terminateAll(admin, 'propusk-wake-test')
    await back
    const next = woken.next()
    await writer.transaction(trx => writer.wake(trx))
    await next
    assert.ok(notices.some(notice => notice.message.includes('listens')))
  })

  it('a wake-up does not reach a listener that has stopped', async () => {
    const [writer, follower] = [await open(), await open()]
    const woken = listen(follower)
    await woken.next()
    woken.stop()
    await writer.transaction(trx => writer.wake(trx))
    await sleep(100)
    assert.equal(woken.count(), 1)
  })
})

/** Only connections of this name: other test files use the same server at the same time. */
const terminateAll = (admin: pg.Client, name: string) =>
  admin.query(
    'select pg_terminate_backend(pid, 60000) from pg_stat_activity where application_name = $1 and pid <> pg_backend_pid()',
    [name],
  )

/** Counts the wake-ups of a node; `next` resolves with the next one. */
function listen(database: Database): { next(): Promise<void>; count(): number; stop(): void } {
  let count = 0
  let waiting = Promise.withResolvers<void>()
  const stop = database.onWake(() => {
    count += 1
    waiting.resolve()
    waiting = Promise.withResolvers<void>()
  })
  return { next: () => waiting.promise, count: () => count, stop }
}
