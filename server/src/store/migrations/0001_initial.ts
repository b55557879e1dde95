import { sql } from 'kysely'
import type { Engine } from '../database.ts'
import { type ColumnTypes, columnTypes } from './column-types.ts'
import type { Migration, MigrationHandle } from './migration.ts'

/** Every table of the first release, and the resources and actions that the server's own routes name. */
export const initial: Migration = {
  name: '0001_initial',
  expands: false,
  async up(trx, engine) {
    const types = columnTypes[engine]
    const statements = [
      ...accountTables(types),
      ...accessTables(types),
      ...assignmentTables(types),
      ...ledgerTables(types),
      ...auditTables(types, engine),
    ]
    for (const statement of statements) await sql.raw(statement).execute(trx)
    await seedBuiltIns(trx)
  },
}

/** Users, their sessions, and the refresh tokens of each session. */
const accountTables = (types: ColumnTypes): string[] => [
  // `email` is canonical, so one plain unique index makes it unique regardless of case and serves every look-up.
  `create table users (
  id ${types.id},
  email ${types.text} not null
    constraint users__email__key unique
    check (email = lower(email) and length(email) between 3 and 150),
  password ${types.text} not null check (length(password) <= 128),
  first_name ${types.text} check (length(first_name) <= 150),
  last_name ${types.text} check (length(last_name) <= 150),
  middle_name ${types.text} check (length(middle_name) <= 150),
  ${types.flag('is_active')},
  ${types.flag('is_staff')},
  ${types.flag('is_superuser')},
  date_joined ${types.int} not null,
  last_login ${types.int},
  updated_at ${types.int} not null,
  force_logout_at ${types.int},
  search_text ${types.text} not null
) ${types.table}`,
  'create index users__date_joined__index on users (date_joined, id)',
  'create index users__is_superuser__index on users (is_superuser, is_active)',

  `create table sessions (
  id ${types.id},
  uuid ${types.text} not null constraint sessions__uuid__key unique check (length(uuid) = 36),
  user_id ${types.int} not null references users (id) on delete restrict,
  ip_address ${types.text} not null check (length(ip_address) <= 64),
  user_agent ${types.text} not null,
  created_at ${types.int} not null,
  last_used_at ${types.int} not null,
  expires_at ${types.int} not null,
  ${types.flag('is_active')},
  ended_at ${types.int},
  end_reason ${types.text} check (length(end_reason) <= 50),
  check (expires_at > created_at),
  check (is_active = (ended_at is null)),
  check ((ended_at is null) = (end_reason is null))
) ${types.table}`,
  'create index sessions__user_id__index on sessions (user_id, is_active)',
  'create index sessions__expires_at__index on sessions (is_active, expires_at)',
  'create index sessions__created_at__index on sessions (created_at, id)',

  `create table refresh_tokens (
  jti ${types.text} not null constraint refresh_tokens__jti__key primary key check (length(jti) = 36),
  session_id ${types.int} not null references sessions (id) on delete cascade,
  user_id ${types.int} not null references users (id) on delete restrict,
  issued_at ${types.int} not null,
  expires_at ${types.int} not null,
  ${types.flag('is_revoked')},
  revoked_at ${types.int},
  ip_address ${types.text} check (length(ip_address) <= 64),
  user_agent ${types.text} not null,
  last_used_at ${types.int},
  spent_at ${types.int},
  successor_jti ${types.text},
  successor_sealed ${types.text},
  check (expires_at > issued_at),
  check (is_revoked = (revoked_at is not null)),
  check (successor_jti is null or spent_at is not null),
  check (successor_sealed is null or successor_jti is not null)
) ${types.keyedTable}`,
  'create index refresh_tokens__session_id__index on refresh_tokens (session_id)',
  'create index refresh_tokens__expires_at__index on refresh_tokens (expires_at)',
]

const namedTable = (types: ColumnTypes, name: string, more: string[] = []): string => `create table ${name} (
  ${[
    `id ${types.id}`,
    `name ${types.text} not null constraint ${name}__name__key unique check (length(name) between 1 and 100)`,
    `code_name ${types.text} not null constraint ${name}__code_name__key unique
    check (${types.codeName('code_name')})`,
    `description ${types.text}`,
    `search_text ${types.text} not null`,
    ...more,
  ].join(',\n  ')}
) ${types.table}`

/** Roles, and the permissions that a resource and an action make together. */
const accessTables = (types: ColumnTypes): string[] => [
  namedTable(types, 'roles'),
  namedTable(types, 'resources', [types.flag('is_builtin')]),
  namedTable(types, 'actions', [types.flag('is_builtin')]),
  `create table permissions (
  id ${types.id},
  resource_id ${types.int} not null references resources (id) on delete cascade,
  action_id ${types.int} not null references actions (id) on delete cascade,
  constraint permissions__resource_id__action_id__key unique (resource_id, action_id)
) ${types.table}`,
  'create index permissions__action_id__index on permissions (action_id)',
]

/** Who has which role, and which role has which permission. */
const assignmentTables = (types: ColumnTypes): string[] => [
  `create table role_permissions (
  role_id ${types.int} not null references roles (id) on delete cascade,
  permission_id ${types.int} not null references permissions (id) on delete cascade,
  constraint role_permissions__role_id__permission_id__key primary key (role_id, permission_id)
) ${types.keyedTable}`,
  'create index role_permissions__permission_id__index on role_permissions (permission_id)',
  `create table user_roles (
  user_id ${types.int} not null references users (id) on delete restrict,
  role_id ${types.int} not null references roles (id) on delete cascade,
  constraint user_roles__user_id__role_id__key primary key (user_id, role_id)
) ${types.keyedTable}`,
  'create index user_roles__role_id__index on user_roles (role_id, user_id)',
]

/** What every gate must hear of, and the keys that it verifies with. */
const ledgerTables = (types: ColumnTypes): string[] => [
  // No reference to the session: a change may outlive a session that housekeeping has cleared away.
  `create table changes (
  id ${types.id},
  kind ${types.text} not null check (length(kind) between 1 and 50),
  session_uuid ${types.text} check (length(session_uuid) = 36),
  user_id ${types.int} references users (id) on delete restrict,
  details ${types.text} not null,
  created_at ${types.int} not null,
  expires_at ${types.int} not null,
  check (expires_at > created_at)
) ${types.table}`,
  'create index changes__expires_at__index on changes (expires_at)',

  `create table signing_keys (
  kid ${types.text} not null constraint signing_keys__kid__key primary key check (length(kid) between 1 and 100),
  algorithm ${types.text} not null check (algorithm in ('ES256', 'EdDSA')),
  public_jwk ${types.text} not null,
  private_sealed ${types.text} not null,
  created_at ${types.int} not null,
  retired_at ${types.int}
) ${types.keyedTable}`,
]

const rejection = 'audit_events is append-only: a row is never changed and never deleted'

/** SQLite: `recursive_triggers` is on for every connection of ours, so that INSERT OR REPLACE is caught as well. */
const triggers: Record<Engine, string[]> = {
  sqlite: ['update', 'delete'].map(
    verb => `create trigger audit_events__no_${verb} before ${verb} on audit_events
begin
  select raise(abort, '${rejection}');
end`,
  ),
  postgres: [
    `create function refuse_audit_change() returns trigger language plpgsql as $$
begin
  raise exception '${rejection}' using errcode = 'integrity_constraint_violation';
end
$$`,
    ...['update', 'delete', 'truncate'].map(
      verb => `create trigger audit_events__no_${verb} before ${verb} on audit_events
for each statement execute function refuse_audit_change()`,
    ),
  ],
}

/** What happened, by whom, to what. */
const auditTables = (types: ColumnTypes, engine: Engine): string[] => [
  `create table audit_events (
  id ${types.id},
  at ${types.int} not null,
  actor ${types.int} references users (id) on delete restrict,
  action ${types.text} not null check (length(action) between 1 and 100),
  target ${types.text} check (length(target) <= 200),
  outcome ${types.text} not null check (outcome in ('success', 'denied', 'failure')),
  ip_address ${types.text} check (length(ip_address) <= 64),
  user_agent ${types.text},
  details ${types.text} not null
) ${types.table}`,
  'create index audit_events__at__index on audit_events (at, id)',
  'create index audit_events__actor__index on audit_events (actor, id)',
  'create index audit_events__action__index on audit_events (action, id)',
  'create index audit_events__target__index on audit_events (target, id)',
  ...triggers[engine],
]

const builtIns = {
  resources: [
    ['users', 'Users'],
    ['roles', 'Roles'],
    ['actions', 'Actions'],
    ['resources', 'Resources'],
    ['permissions', 'Permissions'],
    ['sessions', 'Sessions'],
    ['tokens', 'Tokens'],
    ['audit', 'Audit'],
  ],
  actions: [
    ['read', 'Read'],
    ['create', 'Create'],
    ['update', 'Update'],
    ['delete', 'Delete'],
    ['all', 'All'],
  ],
} as const

/** The resources and actions that the server's own routes name: they cannot be deleted or renamed. */
async function seedBuiltIns(trx: MigrationHandle): Promise<void> {
  for (const [table, entries] of Object.entries(builtIns)) {
    const rows = entries.map(([code_name, name]) => ({
      name,
      code_name,
      description: null,
      search_text: `${name} ${code_name}`.toLowerCase(),
      is_builtin: true,
    }))
    await trx.insertInto(table).values(rows).execute()
  }
}
