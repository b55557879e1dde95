import { sql } from 'kysely'
import type { Clock } from '../kernel/index.ts'
import type { Engine, Handle, MigrationState } from './database.ts'
import type { Migration } from './migrations/migration.ts'
import { wordsOf } from './migrations/words.ts'

/** Where the names of the applied migrations are kept. */
type MigrationTables = {
  propusk_migrations: { name: string; applied_at: number }
}

export interface MigrationHost {
  readonly engine: Engine
  readonly read: Handle
  readonly clock: Clock
  /** A write transaction without a time limit that holds the migration lock until it ends. */
  locked<T>(work: (trx: Handle) => Promise<T>): Promise<T>
}

/**
 * Applies the pending migrations in their order, each in a transaction of its own, so that an interrupted one leaves
 * nothing behind. What is pending is read again under the lock: of two nodes that start at once, one applies and the
 * other finds it done.
 */
export async function migrate(
  host: MigrationHost,
  migrations: readonly Migration[],
): Promise<{ applied: string[] }> {
  refuseNewer(await migrationState(host, migrations))
  const applied: string[] = []
  for (const migration of migrations) {
    if (await applyOnce(host, migration, migrations)) applied.push(migration.name)
  }
  return { applied }
}

export async function migrationState(
  host: Pick<MigrationHost, 'engine' | 'read'>,
  migrations: readonly Migration[],
): Promise<MigrationState> {
  const found = (await hasTable(host)) ? await appliedNames(host.read) : []
  const known = new Set(migrations.map(migration => migration.name))
  return {
    applied: found.filter(name => known.has(name)),
    pending: [...known].filter(name => !found.includes(name)),
    unknown: found.filter(name => !known.has(name)),
  }
}

function applyOnce(host: MigrationHost, migration: Migration, all: readonly Migration[]): Promise<boolean> {
  return host.locked(async trx => {
    const state = await migrationState({ engine: host.engine, read: trx }, all)
    refuseNewer(state)
    if (!state.pending.includes(migration.name)) return false
    await createTable(trx, host.engine)
    await migration.up(trx.withTables<Record<string, Record<string, unknown>>>(), host.engine)
    const row = { name: migration.name, applied_at: host.clock.nowMs() }
    await trx.withTables<MigrationTables>().insertInto('propusk_migrations').values(row).execute()
    return true
  })
}

function refuseNewer({ unknown }: MigrationState): void {
  if (unknown.length === 0) return
  throw new Error(
    `The database is newer than this program: it holds ${unknown.join(', ')}; start the version that applied it, or a later one`,
  )
}

async function appliedNames(read: Handle): Promise<string[]> {
  const rows = await read
    .withTables<MigrationTables>()
    .selectFrom('propusk_migrations')
    .select('name')
    .orderBy('name')
    .execute()
  return rows.map(row => row.name)
}

async function hasTable({ engine, read }: Pick<MigrationHost, 'engine' | 'read'>): Promise<boolean> {
  const query =
    engine === 'sqlite'
      ? sql`select 1 from sqlite_master where type = 'table' and name = 'propusk_migrations'`
      : sql`select 1 from pg_class where oid = to_regclass('propusk_migrations')`
  return (await query.execute(read)).rows.length === 1
}

async function createTable(trx: Handle, engine: Engine): Promise<void> {
  const { int, text, table } = wordsOf[engine]
  const columns = `name ${text} not null primary key, applied_at ${int} not null`
  await sql.raw(`create table if not exists propusk_migrations (${columns}) ${table}`).execute(trx)
}
