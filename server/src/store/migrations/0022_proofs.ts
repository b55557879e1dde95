import { sql } from 'kysely'
import { columnTypes } from './column-types.ts'
import type { Migration, MigrationHandle } from './migration.ts'

/**
 * Proofs of an address by a link or a code of a mail (ADR 45). No secret is in a row: both are derived from the master key.
 * An account says whether its address is proved. The kinds of counters are no list any more: they are checked where
 * they are written.
 */
export const proofs: Migration = {
  name: '0022_proofs',
  expands: true,
  async up(trx, engine) {
    const { id, int, text, table } = columnTypes[engine]
    const flag = engine === 'sqlite' ? 'integer' : 'boolean'
    const statements = [
      `create table proofs (
  id ${id},
  kind ${text} not null check (length(kind) between 1 and 50),
  user_id ${int} constraint proofs__user_id__fkey references users (id) on delete cascade,
  email ${text} not null check (length(email) between 3 and 150),
  created_at ${int} not null,
  expires_at ${int} not null,
  consumed_at ${int},
  wrong_codes ${int} not null check (wrong_codes >= 0),
  details ${text} not null check (length(details) <= 8000)
) ${table}`,
      'create index proofs__email__index on proofs (email, kind, id)',
      'create index proofs__user_id__index on proofs (user_id)',
      'create index proofs__expires_at__index on proofs (expires_at)',
      `alter table users add column email_verified ${flag} not null default ${engine === 'sqlite' ? '0 check (email_verified in (0, 1))' : 'false'}`,
      ...(engine === 'sqlite'
        ? rebuiltCounters
        : ['alter table throttle_counters drop constraint throttle_counters_kind_check']),
    ]
    await run(trx, statements)
  },
}

/** SQLite takes no constraint away from a table that is there (https://www.sqlite.org/lang_altertable.html#otheralter). */
const { id, int, text, flag, table } = columnTypes.sqlite
const rebuiltCounters = [
  `create table throttle_counters_rebuilt (
  id ${id},
  kind ${text} not null,
  subject ${text} not null check (length(subject) between 1 and 300),
  failures ${int} not null check (failures >= 0),
  counted_at ${int} not null,
  blocked_until ${int},
  ${flag('is_refused')},
  constraint throttle_counters__kind__subject__key unique (kind, subject)
) ${table}`,
  `insert into throttle_counters_rebuilt (id, kind, subject, failures, counted_at, blocked_until, is_refused)
select id, kind, subject, failures, counted_at, blocked_until, is_refused from throttle_counters`,
  'drop table throttle_counters',
  'alter table throttle_counters_rebuilt rename to throttle_counters',
  'create index throttle_counters__failures__index on throttle_counters (failures, counted_at)',
]

async function run(trx: MigrationHandle, statements: readonly string[]): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(trx)
}
