import { sql } from 'kysely'
import type { Migration } from './migration.ts'

/**
 * The audit by outcome and by address, newest first. What went well is nearly everything and is found without an index, so
 * only the rest is in one. On PostgreSQL nothing is written to the audit while these are made: seconds for a million events.
 */
export const auditFilterIndexes: Migration = {
  name: '0029_audit_filters',
  expands: true,
  async up(trx) {
    const statements = [
      `create index audit_events__outcome__at__index on audit_events (outcome, at, id) where outcome <> 'success'`,
      `create index audit_events__ip_address__at__index on audit_events (ip_address, at, id)`,
    ]
    for (const statement of statements) await sql.raw(statement).execute(trx)
  },
}
