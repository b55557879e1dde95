import { sql } from 'kysely'
import type { Clock } from '../kernel/index.ts'
import type { Engine, Handle, MigrationState, StoreNotice } from './database.ts'
import type { Flag } from './flag.ts'
import { columnTypes } from './migrations/column-types.ts'
import type { Migration } from './migrations/migration.ts'

/** Where the names of the applied migrations are kept. */
type MigrationTables = {
  propusk_migrations: { name: string; applied_at: number; expands: Flag }
}

export interface MigrationHost {
  readonly engine: Engine
  readonly read: Handle
  readonly clock: Clock
  readonly log: (notice: StoreNotice) => void
  /** A write transaction without a time limit that holds the migration lock until it ends. */
  locked<T>(work: (trx: Handle) => Promise<T>): Promise<T>
}

/**
 * Applies the pending migrations in their order, each in a transaction of its own, so that an interrupted one leaves
 * nothing behind. What is pending is read again under the lock: of two nodes that start at once, one applies and the
 * other finds it done. Where nothing is pending nothing is locked or written. A newer program's migrations are tolerated, with a notice, when all of them say that a program
 * that does not know them can go on; else it throws.
 */
export async function migrate(
  host: MigrationHost,
  migrations: readonly Migration[],
): Promise<{ applied: string[] }> {
  const state = await migrationState(host, migrations)
  refuseNewer(state)
  if (state.expanded.length > 0) host.log(goingOn(state))
  const applied: string[] = []
  const pending = migrations.filter(({ name }) => state.pending.includes(name))
  for (const migration of pending) {
    if (await applyOnce(host, migration, migrations)) applied.push(migration.name)
  }
  return { applied }
}

export async function migrationState(
  host: Pick<MigrationHost, 'engine' | 'read'>,
  migrations: readonly Migration[],
): Promise<MigrationState> {
  const found = await appliedMigrations(host)
  const known = new Set(migrations.map(migration => migration.name))
  const names = found.map(({ name }) => name)
  const pending = [...known].filter(name => !names.includes(name))
  const newer = found.filter(({ name }) => !known.has(name))
  // A newer program has applied all migrations of this one. Where one is pending, the newer ones are of another line of
  // releases, and the two have not been tested together (ADR 17).
  const tolerable = ({ expands }: { expands: Flag }) => pending.length === 0 && Boolean(expands)
  return {
    applied: names.filter(name => known.has(name)),
    pending,
    expanded: newer.filter(tolerable).map(({ name }) => name),
    unknown: newer.filter(migration => !tolerable(migration)).map(({ name }) => name),
  }
}

function applyOnce(host: MigrationHost, migration: Migration, all: readonly Migration[]): Promise<boolean> {
  return host.locked(async trx => {
    const state = await migrationState({ engine: host.engine, read: trx }, all)
    refuseNewer(state)
    if (!state.pending.includes(migration.name)) return false
    await ensureTable(trx, host.engine)
    await migration.up(trx.withTables<Record<string, Record<string, unknown>>>(), host.engine)
    const row = { name: migration.name, applied_at: host.clock.nowMs(), expands: migration.expands }
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

const goingOn = ({ expanded }: MigrationState): StoreNotice => ({
  level: 'info',
  message: `The database was migrated by a newer version (${expanded.join(', ')}), which left everything that this one needs: going on`,
})

/** A database that only release 0.1.0 has migrated has no column `expands`: its migrations count as not expanding. */
async function appliedMigrations(host: Pick<MigrationHost, 'engine' | 'read'>) {
  const columns = await columnsOf(host)
  if (columns.length === 0) return []
  const rows = host.read.withTables<MigrationTables>().selectFrom('propusk_migrations').orderBy('name')
  if (columns.includes('expands')) return await rows.select(['name', 'expands']).execute()
  return (await rows.select('name').execute()).map(({ name }) => ({ name, expands: false }))
}

/** Of the table of migrations; none when it is not there. */
async function columnsOf({ engine, read }: Pick<MigrationHost, 'engine' | 'read'>): Promise<string[]> {
  const query =
    engine === 'sqlite'
      ? sql<{ name: string }>`select name from pragma_table_info('propusk_migrations')`
      : sql<{
          name: string
        }>`select attname as name from pg_attribute where attrelid = to_regclass('propusk_migrations') and attnum > 0`
  return (await query.execute(read)).rows.map(({ name }) => name)
}

/** The table as release 0.1.0 makes it, and then the column that it ignores: the same on a new database and on an old one. */
async function ensureTable(trx: Handle, engine: Engine): Promise<void> {
  const { int, text, flag, table } = columnTypes[engine]
  const columns = `name ${text} not null primary key, applied_at ${int} not null`
  await sql.raw(`create table if not exists propusk_migrations (${columns}) ${table}`).execute(trx)
  if ((await columnsOf({ engine, read: trx })).includes('expands')) return
  await sql.raw(`alter table propusk_migrations add column ${flag('expands')} default false`).execute(trx)
}
