import { sql } from 'kysely'
import { nameKeyOf } from '../../kernel/index.ts'
import { columnTypes } from './column-types.ts'
import { addBuiltInResource, type Migration } from './migration.ts'

/**
 * Who may pass a proxy that asks (ADR 42). A rule whose permission is deleted stays and refuses: without it a
 * wider rule could let the request pass.
 */
export const forwardRules: Migration = {
  name: '0019_forward_rules',
  expands: true,
  async up(trx, engine) {
    const { id, int, text, table } = columnTypes[engine]
    const statements = [
      `create table forward_rules (
  id ${id},
  host ${text} not null check (length(host) between 1 and 255),
  path ${text} not null check (length(path) between 1 and 1000),
  methods ${text} not null check (length(methods) <= 100),
  access ${text} not null check (access in ('public', 'signed_in', 'permission')),
  permission_id ${int} constraint forward_rules__permission_id__fkey references permissions (id) on delete set null,
  search_text ${text} not null,
  created_at ${int} not null,
  constraint forward_rules__host__path__methods__key unique (host, path, methods),
  check (access = 'permission' or permission_id is null)
) ${table}`,
      'create index forward_rules__host__index on forward_rules (host, id)',
      'create index forward_rules__permission_id__index on forward_rules (permission_id)',
    ]
    for (const statement of statements) await sql.raw(statement).execute(trx)
    await addBuiltInResource(trx, { codeName: 'forward_rules', name: 'Forward-auth rules' }, nameKeyOf)
  },
}
