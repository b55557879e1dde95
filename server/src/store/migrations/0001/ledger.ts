import type { Words } from '../words.ts'

/** What every gate must hear of, and the keys that it verifies with. */
export const ledgerTables = (words: Words): string[] => [
  // No reference to the session: a change may outlive a session that housekeeping has cleared away.
  `create table changes (
  id ${words.id},
  kind ${words.text} not null check (length(kind) between 1 and 50),
  session_uuid ${words.text} check (length(session_uuid) = 36),
  user_id ${words.int} references users (id) on delete restrict,
  details ${words.text} not null,
  created_at ${words.int} not null,
  expires_at ${words.int} not null,
  check (expires_at > created_at)
) ${words.table}`,
  'create index changes__expires_at__index on changes (expires_at)',

  `create table signing_keys (
  kid ${words.text} not null constraint signing_keys__kid__key primary key check (length(kid) between 1 and 100),
  algorithm ${words.text} not null check (algorithm in ('ES256', 'EdDSA')),
  public_jwk ${words.text} not null,
  private_sealed ${words.text} not null,
  created_at ${words.int} not null,
  retired_at ${words.int}
) ${words.keyedTable}`,
]
