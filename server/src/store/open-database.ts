import { systemClock } from '../kernel/index.ts'
import { type Database, defaultTimeouts, type OpenOptions, type StoreSettings } from './database.ts'
import { parseDatabaseUrl } from './database-url.ts'
import { openSqlite } from './sqlite/open-sqlite.ts'

/**
 * Opens `sqlite:./path`, `sqlite::memory:` (a temporary file that `close` removes) or `postgres://…`. Applies no
 * migration. SQLite is opened at once; PostgreSQL connects with the first query.
 */
export async function openDatabase(url: string, options: OpenOptions = {}): Promise<Database> {
  const { engine, location } = parseDatabaseUrl(url)
  const settings: StoreSettings = {
    timeouts: { ...defaultTimeouts, ...options.timeouts },
    log: options.log ?? (() => {}),
    clock: options.clock ?? systemClock,
  }
  if (engine === 'sqlite') return openSqlite(location, settings)
  // Loaded only when asked for: a start on SQLite does not pay for the PostgreSQL driver.
  const { openPostgres } = await import('./postgres/open-postgres.ts')
  return openPostgres(location, settings)
}
