import { sql } from 'kysely'
import type { Engine } from '../database.ts'
import type { Migration } from './migration.ts'

/**
 * The audit by whose session an event is about, for the own events of an account: an administrator may have ended it. Only events about
 * sessions are in it. The owner is in the details, which are written as JSON; the expression is that of own-events.sql.ts.
 */
const owner: Record<Engine, string> = {
  sqlite: `json_extract(details, '$.user_id')`,
  postgres: `substring(details from '"user_id":([0-9]+)')`,
}

export const sessionOwnerIndex: Migration = {
  name: '0032_session_owner_index',
  expands: true,
  async up(trx, engine) {
    const columns = `(${owner[engine]}), at, id`
    const statement = `create index audit_events__session_owner__at__index on audit_events (${columns}) where target like 'sessions/%'`
    await sql.raw(statement).execute(trx)
  },
}
