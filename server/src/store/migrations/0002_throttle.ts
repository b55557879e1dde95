import { sql } from 'kysely'
import { columnTypes } from './column-types.ts'
import type { Migration } from './migration.ts'
import { addBuiltInResource } from './migration.ts'

/** Counters of guesses, and the resource through which administrators see and clear them. */
export const throttle: Migration = {
  name: '0002_throttle',
  expands: true,
  async up(trx, engine) {
    const { id, int, text, flag, table } = columnTypes[engine]
    const statements = [
      `create table throttle_counters (
  id ${id},
  kind ${text} not null
    check (kind in ('account', 'device', 'address', 'password', 'registration', 'password_change')),
  subject ${text} not null check (length(subject) between 1 and 300),
  failures ${int} not null check (failures >= 0),
  counted_at ${int} not null,
  blocked_until ${int},
  ${flag('is_refused')},
  constraint throttle_counters__kind__subject__key unique (kind, subject)
) ${table}`,
      'create index throttle_counters__failures__index on throttle_counters (failures, counted_at)',
      // The newest sessions of an account: from where it is known.
      'create index sessions__user_id__id__index on sessions (user_id, id)',
    ]
    for (const statement of statements) await sql.raw(statement).execute(trx)
    await addBuiltInResource(trx, { codeName: 'throttle', name: 'Throttle' })
  },
}
