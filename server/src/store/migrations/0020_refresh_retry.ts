import { sql } from 'kysely'
import { columnTypes } from './column-types.ts'
import type { Migration } from './migration.ts'

/** The SHA-256 of the key of the request that consumed a token: one with the same key may be sent again, however late (ADR 41). */
export const refreshRetry: Migration = {
  name: '0020_refresh_retry',
  expands: true,
  async up(trx, engine) {
    // Without a check, for which PostgreSQL would read the whole table while nothing else may use it.
    await sql
      .raw(`alter table refresh_tokens add column retry_key_hash ${columnTypes[engine].text}`)
      .execute(trx)
  },
}
