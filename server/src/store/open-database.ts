import { systemClock } from '../kernel/index.ts'
import {
  type Database,
  defaultTimeouts,
  type Engine,
  type OpenOptions,
  type StoreSettings,
} from './database.ts'
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
  // Two engines behind one interface (ADR 1).
  if (engine === 'sqlite') return openSqlite(location, settings)
  // Loaded only when asked for: a start on SQLite does not pay for the PostgreSQL driver.
  const { openPostgres } = await import('./postgres/open-postgres.ts')
  return openPostgres(location, settings)
}

interface DatabaseTarget {
  readonly engine: Engine
  /** SQLite: a file path or `:memory:`. PostgreSQL: the URL as it was given; it may hold a password. */
  readonly location: string
}

const example = 'such as sqlite:./data/propusk.db or postgres://user:password@host:5432/name'

/** Splits a database URL. Throws a one-line Error that never repeats the URL, since it may hold a password. */
export function parseDatabaseUrl(url: string): DatabaseTarget {
  if (/^postgres(ql)?:\/\//.test(url)) return { engine: 'postgres', location: url }
  if (!url.startsWith('sqlite:'))
    throw new Error(`The database URL names no engine that we know; write one ${example}`)
  const location = url.slice('sqlite:'.length).replace(/^\/\//, '')
  if (location === '') throw new Error(`The database URL names no file; write one ${example}`)
  return { engine: 'sqlite', location }
}
