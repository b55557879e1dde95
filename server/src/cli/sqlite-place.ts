import { existsSync, realpathSync } from 'node:fs'
import { resolve } from 'node:path'
import { type Config, databaseFile } from '../config/index.ts'
import { CommandFailure } from './command-failure.ts'

/** Where a SQLite database and its master key are. */
export interface SqlitePlace {
  readonly database: string
  readonly keyFile: string
  /** Where the newest seal of the audit is kept. */
  readonly sealFile: string
}

/** The place that the settings name, as absolute paths. Refuses PostgreSQL, which has tools of its own, and `:memory:`. */
export function sqlitePlace({ databaseUrl }: Config): SqlitePlace {
  const file = databaseFile(databaseUrl)
  if (file !== undefined) {
    const path = resolve(file)
    // Where the name is a link, the database and its drafts are where it leads; the key is beside the name.
    return {
      database: existsSync(path) ? realpathSync(path) : path,
      keyFile: `${path}.key`,
      sealFile: `${path}.seal`,
    }
  }
  throw new CommandFailure(
    databaseUrl.startsWith('sqlite:')
      ? 'A database in memory is gone with its server: there is nothing to back up or restore. Set PROPUSK_DATABASE_URL=sqlite:./data/propusk.db.'
      : 'PostgreSQL is backed up and restored with its own tools: pg_dump and pg_restore, or base backup and WAL. Keep PROPUSK_MASTER_KEY beside the backup: without it the signing keys cannot be opened.',
  )
}
