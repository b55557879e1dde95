import assert from 'node:assert/strict'
import { it } from 'node:test'
import { sql } from 'kysely'
import type { Database, Handle } from '../../server/src/store/index.ts'
import { migrations } from '../../server/src/store/migrations/index.ts'
import type { Migration } from '../../server/src/store/migrations/migration.ts'
import { migrate, migrationState } from '../../server/src/store/migrator.ts'
import { describeSchema } from '../support/describe-schema.ts'
import { eachEngine } from '../support/engines.ts'

const adding = (name: string, statements: string[], fail = false): Migration => ({
  name,
  expands: false,
  async up(trx) {
    for (const statement of statements) await sql.raw(statement).execute(trx)
    if (fail) throw new Error('interrupted')
  },
})

const run = (db: Database, migrations: Migration[]) =>
  migrate(
    {
      engine: db.engine,
      read: db.read,
      clock: { nowMs: () => 0 },
      log: () => {},
      locked: work => db.transaction(work),
    },
    migrations,
  )

const all = migrations.map(migration => migration.name)

const markApplied = (trx: Handle, name: string, expands = false) =>
  sql`insert into propusk_migrations (name, applied_at, expands) values (${name}, 0, ${expands})`.execute(trx)

eachEngine('the migrator', (open, { place, openAt }) => {
  it('says what is pending on an empty database, applies it once, and does nothing the second time', async () => {
    const db = await openAt(await place())
    assert.deepEqual(await db.migrationState(), { applied: [], pending: all, expanded: [], unknown: [] })
    assert.deepEqual(await db.migrate(), { applied: all })
    assert.deepEqual(await db.migrate(), { applied: [] })
    assert.deepEqual(await db.migrationState(), { applied: all, pending: [], expanded: [], unknown: [] })
  })

  it('locks nothing where nothing is pending: a start waits for no disk', async () => {
    const db = await openAt(await place())
    const locks: string[] = []
    const migrateAgain = () =>
      migrate(
        {
          engine: db.engine,
          read: db.read,
          clock: { nowMs: () => 0 },
          log: () => {},
          locked: work => {
            locks.push('locked')
            return db.transaction(work)
          },
        },
        migrations,
      )
    await migrateAgain()
    assert.equal(locks.length, all.length)
    assert.deepEqual(await migrateAgain(), { applied: [] })
    assert.equal(locks.length, all.length)
  })

  it('lets two nodes start at once: each migration is applied by one of them', async () => {
    const url = await place()
    const nodes = [await openAt(url), await openAt(url), await openAt(url)]
    const results = await Promise.all(nodes.map(node => node.migrate()))
    assert.deepEqual(results.flatMap(result => result.applied).sort(), all)
    const names = await nodes[0]!.read.selectFrom('resources').select('code_name').orderBy('id').execute()
    assert.equal(new Set(names.map(row => row.code_name)).size, names.length)
  })

  it('leaves nothing behind of a migration that was interrupted, and applies it whole the next time', async () => {
    const db = await openAt(await place())
    const first = adding('0001_first', ['create table first (id bigint)'])
    const statements = ['create table second (id bigint)', 'insert into first (id) values (7)']
    await assert.rejects(run(db, [first, adding('0002_second', statements, true)]), /interrupted/)
    assert.deepEqual(await migrationState(db, [first]), {
      applied: ['0001_first'],
      pending: [],
      expanded: [],
      unknown: [],
    })
    assert.equal((await describeSchema(db)).includes('second'), false)
    assert.deepEqual((await sql`select id from first`.execute(db.read)).rows, [])

    assert.deepEqual(await run(db, [first, adding('0002_second', statements)]), { applied: ['0002_second'] })
    assert.deepEqual((await sql`select id from first`.execute(db.read)).rows, [{ id: 7 }])
  })

  it('refuses a database of a newer version, names what it does not know, and changes nothing', async () => {
    const db = await open()
    await db.transaction(trx => markApplied(trx, '9999_from_the_future'))
    const before = await describeSchema(db)
    await assert.rejects(db.migrate(), /9999_from_the_future.*start the version/)
    assert.deepEqual((await db.migrationState()).unknown, ['9999_from_the_future'])
    assert.equal(await describeSchema(db), before)
  })

  it('goes on with a database of a newer version that only added to it, and says so in the log', async () => {
    const url = await place()
    const first = await openAt(url)
    await first.migrate()
    await first.transaction(trx => markApplied(trx, '9998_adds_a_table', true))
    const notices: string[] = []
    const again = await openAt(url, { log: ({ message }) => notices.push(message) })
    assert.deepEqual(await again.migrate(), { applied: [] })
    assert.deepEqual(await again.migrationState(), {
      applied: all,
      pending: [],
      expanded: ['9998_adds_a_table'],
      unknown: [],
    })
    assert.match(notices.join('\n'), /newer version \(9998_adds_a_table\).*going on$/)
  })

  it('refuses a newer database as soon as one migration did more than add, and names that one', async () => {
    const db = await open()
    await db.transaction(async trx => {
      await markApplied(trx, '9998_adds_a_table', true)
      await markApplied(trx, '9999_takes_a_column', false)
    })
    const state = await db.migrationState()
    assert.deepEqual([state.expanded, state.unknown], [['9998_adds_a_table'], ['9999_takes_a_column']])
    await assert.rejects(db.migrate(), /holds 9999_takes_a_column;/)
  })

  it('applies nothing of its own to a database that another line of releases has migrated', async () => {
    const db = await open()
    await db.transaction(async trx => {
      await sql`delete from propusk_migrations where name = ${all.at(-1)!}`.execute(trx)
      await markApplied(trx, '0000_of_somebody_else', true)
    })
    await assert.rejects(db.migrate(), /0000_of_somebody_else/)
    assert.deepEqual((await db.migrationState()).pending, [all.at(-1)])
  })

  it('gives the table of release 0.1.0 the column that it lacks, which marks nothing as tolerable', async () => {
    const db = await openAt(await place())
    const text = db.engine === 'sqlite' ? 'text' : 'text collate "C"'
    await db.transaction(async trx => {
      const made = sql.raw(
        `create table propusk_migrations (name ${text} not null primary key, applied_at bigint not null)`,
      )
      await made.execute(trx)
      await sql`insert into propusk_migrations (name, applied_at) values ('0001_first', 0)`.execute(trx)
    })
    const first = adding('0001_first', [])
    const second = { ...adding('0002_second', ['create table second (id bigint)']), expands: true }
    assert.deepEqual(await run(db, [first, second]), { applied: ['0002_second'] })
    const state = await migrationState(db, [])
    assert.deepEqual([state.expanded, state.unknown], [['0002_second'], ['0001_first']])
    // What a program of that release writes still fits.
    await db.transaction(trx =>
      sql`insert into propusk_migrations (name, applied_at) values ('0003_old', 0)`.execute(trx),
    )
  })

  it('seeds the built-in resources and actions, marked as such', async () => {
    const db = await open()
    const names = async (table: 'resources' | 'actions') =>
      (
        await db.read
          .selectFrom(table)
          .select('code_name')
          .where('is_builtin', '=', true)
          .orderBy('id')
          .execute()
      ).map(row => row.code_name)
    const resources = [
      'users',
      'roles',
      'actions',
      'resources',
      'permissions',
      'sessions',
      'tokens',
      'audit',
      'throttle',
      'server',
      'api_keys',
      'changes',
      'forward_rules',
      'mail',
      'factors',
    ]
    assert.deepEqual(await names('resources'), resources)
    assert.deepEqual(await names('actions'), ['read', 'create', 'update', 'delete', 'all'])
  })
})
