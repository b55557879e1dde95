import { sql } from 'kysely'
import { columnTypes } from './column-types.ts'
import type { Migration } from './migration.ts'

/**
 * Invitations to open an account (ADR 48). Their links are proofs, which are swept soon: these rows say for longer what became of
 * them. No secret is in a row. Of one address at the most one waits.
 */
export const invitations: Migration = {
  name: '0025_invitations',
  expands: true,
  async up(trx, engine) {
    const { id, int, text, table, keyedTable } = columnTypes[engine]
    const statements = [
      `create table invitations (
  id ${id},
  email ${text} not null check (length(email) between 3 and 150),
  own_fields ${text} not null check (length(own_fields) <= 4000),
  locale ${text} check (locale in ('en', 'ru')),
  inviter_id ${int} not null constraint invitations__inviter_id__fkey references users (id) on delete restrict,
  api_key_id ${int},
  created_at ${int} not null,
  sent_at ${int} not null,
  expires_at ${int} not null,
  state ${text} not null check (state in ('pending', 'accepted', 'revoked', 'expired')),
  finished_at ${int},
  proof_id ${int} not null,
  user_id ${int} constraint invitations__user_id__fkey references users (id) on delete restrict,
  check ((state = 'pending') = (finished_at is null)),
  check ((state = 'accepted') = (user_id is not null))
) ${table}`,
      "create unique index invitations__email__key on invitations (email) where state = 'pending'",
      'create index invitations__email__index on invitations (email, id)',
      'create index invitations__expires_at__index on invitations (expires_at)',
      'create index invitations__proof_id__index on invitations (proof_id)',
      'create index invitations__inviter_id__index on invitations (inviter_id)',
      'create index invitations__user_id__index on invitations (user_id)',
      `create table invitation_roles (
  invitation_id ${int} not null constraint invitation_roles__invitation_id__fkey references invitations (id) on delete cascade,
  role_id ${int} not null constraint invitation_roles__role_id__fkey references roles (id) on delete cascade,
  primary key (invitation_id, role_id)
) ${keyedTable}`,
      'create index invitation_roles__role_id__index on invitation_roles (role_id)',
    ]
    for (const statement of statements) await sql.raw(statement).execute(trx)
  },
}
