import { sql } from 'kysely'
import type { Engine } from '../database.ts'
import { columnTypes } from './column-types.ts'
import type { Migration } from './migration.ts'

const rejection = 'audit_seals is append-only: a row is never changed and never deleted'

/** `refuse_audit_change` names the audit events; a function of its own names the table that was touched. */
const triggers: Record<Engine, string[]> = {
  sqlite: ['update', 'delete'].map(
    verb => `create trigger audit_seals__no_${verb} before ${verb} on audit_seals
begin
  select raise(abort, '${rejection}');
end`,
  ),
  postgres: [
    `create function refuse_seal_change() returns trigger language plpgsql as $$
begin
  raise exception '${rejection}' using errcode = 'integrity_constraint_violation';
end
$$`,
    ...['update', 'delete', 'truncate'].map(
      verb => `create trigger audit_seals__no_${verb} before ${verb} on audit_seals
for each statement execute function refuse_seal_change()`,
    ),
  ],
}

/** The chain that makes every later change of the audit show: each seal holds the hash of its events and of the seal before. */
export const auditSeals: Migration = {
  name: '0004_audit_seals',
  expands: true,
  async up(trx, engine) {
    const { int, text, keyedTable } = columnTypes[engine]
    const statements = [
      `create table audit_seals (
  position ${int} not null constraint audit_seals__position__key primary key check (position >= 1),
  first_event_id ${int} not null,
  last_event_id ${int} not null,
  event_count ${int} not null check (event_count >= 1),
  previous_hash ${text} not null check (length(previous_hash) = 64),
  hash ${text} not null constraint audit_seals__hash__key unique check (length(hash) = 64),
  sealed_at ${int} not null,
  key_id ${text} not null check (length(key_id) between 1 and 100),
  signature ${text} not null,
  constraint audit_seals__last_event_id__key unique (last_event_id),
  check (last_event_id >= first_event_id)
) ${keyedTable}`,
      ...triggers[engine],
    ]
    for (const statement of statements) await sql.raw(statement).execute(trx)
  },
}
