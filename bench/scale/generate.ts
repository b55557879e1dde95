import { DatabaseSync } from 'node:sqlite'
import pg from 'pg'
import { createPasswordHasher } from '../../server/src/identity/index.ts'
import { systemClock } from '../../server/src/kernel/index.ts'
import { type Engine, openDatabase } from '../../server/src/store/index.ts'
import { benchPassword } from '../support/our-server.ts'
import { dialectOf } from './dialect.ts'
import { progressBar } from './progress-bar.ts'
import { rowKinds } from './rows.ts'
import type { Size } from './size.ts'

/** As many rows as a statement adds: long enough to be quick, short enough for a bar that moves. */
const batch = 50_000

interface Target {
  readonly engine: Engine
  run(statement: string): Promise<void>
  /** The index of the search is made of all texts at the end, many times faster than text by text. */
  finish(): Promise<void>
  close(): Promise<void>
}

/**
 * Migrates an empty database and fills it, in seconds for the small sizes and in minutes for the largest. Everybody's
 * password is `benchPassword`. Throws when the database has users already. Not durable while it runs.
 */
export async function generate(databaseUrl: string, size: Size): Promise<void> {
  const database = await openDatabase(databaseUrl)
  await database.migrate()
  const taken = await database.read.selectFrom('users').select('id').limit(1).execute()
  const { engine } = database
  await database.close()
  if (taken.length > 0) throw new Error('The database has users already: give an empty one.')
  const target = engine === 'sqlite' ? openSqlite(databaseUrl) : await openPostgres(databaseUrl)
  try {
    await fill(target, size)
  } finally {
    await target.close()
  }
}

async function fill(target: Target, size: Size): Promise<void> {
  const dialect = dialectOf(target.engine)
  const passwordHash = await createPasswordHasher().hash(benchPassword)
  const kinds = rowKinds({ size, dialect, nowMs: systemClock.nowMs(), passwordHash })
  const bar = progressBar(kinds.reduce((sum, kind) => sum + kind.count, 0))
  for (const kind of kinds) {
    for (let from = 1; from <= kind.count; from += batch) {
      const to = Math.min(from + batch - 1, kind.count)
      await target.run(kind.insert(from, to))
      bar.advance(to - from + 1, kind.name)
    }
  }
  await target.finish()
  for (const statement of dialect.settle) await target.run(statement)
  bar.done()
}

function openSqlite(url: string): Target {
  const db = new DatabaseSync(url.replace(/^sqlite:/, ''))
  // An interrupted generation is thrown away: nothing waits for the disk.
  db.exec('pragma synchronous = off; pragma cache_size = -262144; pragma temp_store = memory')
  const trigger = 'users__search_insert'
  const created = db.prepare('select sql from sqlite_schema where name = ?').get(trigger)!.sql
  db.exec(`drop trigger ${trigger}`)
  return {
    engine: 'sqlite',
    run: async statement => db.exec(statement),
    finish: async () =>
      db.exec(`insert into users_search (users_search) values ('rebuild'), ('optimize'); ${created}`),
    close: async () => db.close(),
  }
}

async function openPostgres(url: string): Promise<Target> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(`set synchronous_commit = off; set maintenance_work_mem = '256MB'`)
  const index = 'users__search_text__index'
  const { rows } = await client.query<{ created: string }>(
    `select pg_get_indexdef('${index}'::regclass) as created`,
  )
  await client.query(`drop index ${index}`)
  return {
    engine: 'postgres',
    run: async statement => void (await client.query(statement)),
    finish: async () => void (await client.query(rows[0]!.created)),
    close: () => client.end(),
  }
}
