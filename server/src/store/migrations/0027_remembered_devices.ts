import { sql } from 'kysely'
import { columnTypes } from './column-types.ts'
import type { Migration } from './migration.ts'

/**
 * Devices that are not asked for the second factor at the next sign-ins (ADR 50), and by what a ticket's first step was done: null
 * where an older release wrote it, which is the password.
 */
export const rememberedDevices: Migration = {
  name: '0027_remembered_devices',
  expands: true,
  async up(trx, engine) {
    const { id, int, text, table } = columnTypes[engine]
    const statements = [
      `create table remembered_devices (
  id ${id},
  user_id ${int} not null constraint remembered_devices__user_id__fkey references users (id) on delete restrict,
  secret_hash ${text} not null,
  basis ${text} not null,
  created_at ${int} not null,
  expires_at ${int} not null,
  last_used_at ${int},
  ip_address ${text},
  user_agent ${text}
) ${table}`,
      'create index remembered_devices__user_id__index on remembered_devices (user_id, id)',
      'create index remembered_devices__expires_at__index on remembered_devices (expires_at)',
      `alter table sign_in_tickets add column first_step ${text}`,
    ]
    for (const statement of statements) await sql.raw(statement).execute(trx)
  },
}
