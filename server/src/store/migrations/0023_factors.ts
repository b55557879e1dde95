import { sql } from 'kysely'
import { nameKeyOf } from '../../kernel/index.ts'
import { columnTypes } from './column-types.ts'
import { addBuiltInResource, type Migration } from './migration.ts'

/**
 * Second factors (ADR 46), and how a session was authenticated (ADR 47). The three columns of a session are null where
 * an older release wrote the row: it began with a password then.
 */
export const factors: Migration = {
  name: '0023_factors',
  expands: true,
  async up(trx, engine) {
    const { id, int, text, table, keyedTable } = columnTypes[engine]
    const user = (of: string) =>
      `user_id ${int} not null constraint ${of}__user_id__fkey references users (id) on delete restrict`
    const statements = [
      `alter table sessions add column auth_time ${int}`,
      `alter table sessions add column acr ${text} check (acr in ('aal1', 'aal2'))`,
      `alter table sessions add column amr ${text}`,
      `create table factors (
  id ${id},
  ${user('factors')},
  kind ${text} not null check (kind in ('totp', 'passkey')),
  name ${text} not null check (length(name) between 1 and 100),
  created_at ${int} not null,
  confirmed_at ${int},
  last_used_at ${int},
  encrypted_secret ${text},
  last_step ${int},
  credential_id ${text} constraint factors__credential_id__key unique,
  public_key ${text},
  sign_count ${int},
  transports ${text},
  check ((kind = 'totp') = (encrypted_secret is not null)),
  check ((kind = 'passkey') = (credential_id is not null and public_key is not null and sign_count is not null))
) ${table}`,
      'create index factors__user_id__index on factors (user_id, id)',
      'create index factors__pending__index on factors (created_at) where confirmed_at is null',
      `create table recovery_codes (
  id ${id},
  ${user('recovery_codes')},
  selector ${text} not null,
  code_hash ${text} not null,
  created_at ${int} not null,
  used_at ${int}
) ${table}`,
      'create index recovery_codes__user_id__index on recovery_codes (user_id, selector)',
      `create table sign_in_tickets (
  id ${text} primary key,
  secret_hash ${text} not null,
  ${user('sign_in_tickets')},
  password_fingerprint ${text} not null,
  created_at ${int} not null,
  expires_at ${int} not null,
  attempts ${int} not null check (attempts >= 0),
  consumed_at ${int}
) ${keyedTable}`,
      'create index sign_in_tickets__expires_at__index on sign_in_tickets (expires_at)',
      'create index sign_in_tickets__user_id__index on sign_in_tickets (user_id)',
      `create table used_challenges (
  challenge ${text} primary key,
  expires_at ${int} not null
) ${keyedTable}`,
      'create index used_challenges__expires_at__index on used_challenges (expires_at)',
    ]
    for (const statement of statements) await sql.raw(statement).execute(trx)
    await addBuiltInResource(trx, { codeName: 'factors', name: 'Second factors' }, nameKeyOf)
  },
}
