import { sql } from 'kysely'
import { columnTypes } from './column-types.ts'
import type { Migration } from './migration.ts'

/**
 * Sessions that end when they are idle. Both columns are null for a session that has its whole life, as every one of an
 * older release has; such a release, while it still runs, lets the others end at their last known `expires_at`.
 */
export const idleSessions: Migration = {
  name: '0024_idle_sessions',
  expands: true,
  async up(trx, engine) {
    const { int } = columnTypes[engine]
    await sql.raw(`alter table sessions add column idle_ms ${int}`).execute(trx)
    await sql.raw(`alter table sessions add column ends_at ${int}`).execute(trx)
  },
}
