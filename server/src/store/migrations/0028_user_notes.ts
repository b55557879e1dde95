import { sql } from 'kysely'
import { columnTypes } from './column-types.ts'
import type { Migration } from './migration.ts'

/** What administrators write down about an account. An older release leaves it null, and keeps what is there. */
export const userNotes: Migration = {
  name: '0028_user_notes',
  expands: true,
  async up(trx, engine) {
    const { text } = columnTypes[engine]
    await sql.raw(`alter table users add column note ${text}`).execute(trx)
  },
}
