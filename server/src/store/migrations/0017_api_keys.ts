import { sql } from 'kysely'
import { nameKeyOf } from '../../kernel/index.ts'
import { columnTypes } from './column-types.ts'
import { addBuiltInResource, type Migration } from './migration.ts'

/** Keys of programs, with the roles and permissions that each was given. A role or a permission that is deleted is taken from them. */
export const apiKeys: Migration = {
  name: '0017_api_keys',
  expands: true,
  async up(trx, engine) {
    const { id, int, text, table, keyedTable } = columnTypes[engine]
    const statements = [
      `create table api_keys (
  id ${id},
  owner_id ${int} not null constraint api_keys__owner_id__fkey references users (id) on delete restrict,
  prefix ${text} not null constraint api_keys__prefix__key unique check (length(prefix) = 20),
  secret_hash ${text} not null check (length(secret_hash) = 64),
  previous_hash ${text} check (length(previous_hash) = 64),
  previous_until ${int},
  name ${text} not null check (length(name) between 1 and 100),
  search_text ${text} not null,
  created_at ${int} not null,
  expires_at ${int},
  last_used_at ${int},
  check ((previous_hash is null) = (previous_until is null))
) ${table}`,
      'create index api_keys__owner_id__index on api_keys (owner_id, id)',
      'create index api_keys__name__index on api_keys (name, id)',

      `create table api_key_roles (
  api_key_id ${int} not null constraint api_key_roles__api_key_id__fkey references api_keys (id) on delete cascade,
  role_id ${int} not null constraint api_key_roles__role_id__fkey references roles (id) on delete cascade,
  constraint api_key_roles__api_key_id__role_id__key primary key (api_key_id, role_id)
) ${keyedTable}`,
      'create index api_key_roles__role_id__index on api_key_roles (role_id)',

      `create table api_key_permissions (
  api_key_id ${int} not null constraint api_key_permissions__api_key_id__fkey references api_keys (id) on delete cascade,
  permission_id ${int} not null constraint api_key_permissions__permission_id__fkey references permissions (id) on delete cascade,
  constraint api_key_permissions__api_key_id__permission_id__key primary key (api_key_id, permission_id)
) ${keyedTable}`,
      'create index api_key_permissions__permission_id__index on api_key_permissions (permission_id)',
    ]
    for (const statement of statements) await sql.raw(statement).execute(trx)
    await addBuiltInResource(trx, { codeName: 'api_keys', name: 'API keys' }, nameKeyOf)
  },
}
