import { sql } from 'kysely'
import type { Migration } from './migration.ts'

/**
 * The order of sessions by their last use. Only where the database is in this process, which a sort of a million rows
 * would block. On PostgreSQL the sort blocks no other request, and an index would cost each refresh an entry in every
 * index of the table, since the row could not be rewritten in its place (HOT).
 */
export const sessionOrder: Migration = {
  name: '0015_session_order',
  expands: true,
  async up(trx, engine) {
    if (engine !== 'sqlite') return
    await sql.raw('create index sessions__last_used_at__index on sessions (last_used_at, id)').execute(trx)
  },
}
