import type { Words } from '../words.ts'

/** Users, their sessions, and the refresh tokens of each session. */
export const accountTables = (words: Words): string[] => [
  // `email` is canonical, so one plain unique index makes it unique regardless of case and serves every look-up.
  `create table users (
  id ${words.id},
  email ${words.text} not null
    constraint users__email__key unique
    check (email = lower(email) and length(email) between 3 and 150),
  password ${words.text} not null check (length(password) <= 128),
  first_name ${words.text} check (length(first_name) <= 150),
  last_name ${words.text} check (length(last_name) <= 150),
  middle_name ${words.text} check (length(middle_name) <= 150),
  ${words.flag('is_active')},
  ${words.flag('is_staff')},
  ${words.flag('is_superuser')},
  date_joined ${words.int} not null,
  last_login ${words.int},
  updated_at ${words.int} not null,
  force_logout_at ${words.int},
  search_text ${words.text} not null
) ${words.table}`,
  'create index users__date_joined__index on users (date_joined, id)',
  'create index users__is_superuser__index on users (is_superuser, is_active)',

  `create table sessions (
  id ${words.id},
  uuid ${words.text} not null constraint sessions__uuid__key unique check (length(uuid) = 36),
  user_id ${words.int} not null references users (id) on delete restrict,
  ip_address ${words.text} not null check (length(ip_address) <= 64),
  user_agent ${words.text} not null,
  created_at ${words.int} not null,
  last_used_at ${words.int} not null,
  expires_at ${words.int} not null,
  ${words.flag('is_active')},
  ended_at ${words.int},
  end_reason ${words.text} check (length(end_reason) <= 50),
  check (expires_at > created_at),
  check (is_active = (ended_at is null)),
  check ((ended_at is null) = (end_reason is null))
) ${words.table}`,
  'create index sessions__user_id__index on sessions (user_id, is_active)',
  'create index sessions__expires_at__index on sessions (is_active, expires_at)',
  'create index sessions__created_at__index on sessions (created_at, id)',

  `create table refresh_tokens (
  jti ${words.text} not null constraint refresh_tokens__jti__key primary key check (length(jti) = 36),
  session_id ${words.int} not null references sessions (id) on delete cascade,
  user_id ${words.int} not null references users (id) on delete restrict,
  issued_at ${words.int} not null,
  expires_at ${words.int} not null,
  ${words.flag('is_revoked')},
  revoked_at ${words.int},
  ip_address ${words.text} check (length(ip_address) <= 64),
  user_agent ${words.text} not null,
  last_used_at ${words.int},
  spent_at ${words.int},
  successor_jti ${words.text},
  successor_sealed ${words.text},
  check (expires_at > issued_at),
  check (is_revoked = (revoked_at is not null)),
  check (successor_jti is null or spent_at is not null),
  check (successor_sealed is null or successor_jti is not null)
) ${words.keyedTable}`,
  'create index refresh_tokens__session_id__index on refresh_tokens (session_id)',
  'create index refresh_tokens__expires_at__index on refresh_tokens (expires_at)',
]
