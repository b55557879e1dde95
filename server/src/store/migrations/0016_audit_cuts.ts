import { sql } from 'kysely'
import type { Engine } from '../database.ts'
import { columnTypes } from './column-types.ts'
import type { Migration } from './migration.ts'

const rejection = 'audit_cuts is append-only: a row is never changed and never deleted'
const uncut = 'audit_events is append-only: a row is never changed, and only deleted by a cut (audit_cuts)'

/** Only what a cut names may be deleted. That the cut is ours, its signature says, and `audit verify` looks at it. */
const rules: Record<Engine, string[]> = {
  sqlite: [
    ...['update', 'delete'].map(
      verb => `create trigger audit_cuts__no_${verb} before ${verb} on audit_cuts
begin
  select raise(abort, '${rejection}');
end`,
    ),
    'drop trigger audit_events__no_delete',
    `create trigger audit_events__no_delete before delete on audit_events
when not exists (select 1 from audit_cuts where through_event_id >= old.id)
begin
  select raise(abort, '${uncut}');
end`,
  ],
  postgres: [
    `create function refuse_cut_change() returns trigger language plpgsql as $$
begin
  raise exception '${rejection}' using errcode = 'integrity_constraint_violation';
end
$$`,
    ...['update', 'delete', 'truncate'].map(
      verb => `create trigger audit_cuts__no_${verb} before ${verb} on audit_cuts
for each statement execute function refuse_cut_change()`,
    ),
    `create function refuse_uncut_delete() returns trigger language plpgsql as $$
begin
  if exists (select 1 from audit_cuts where through_event_id >= old.id) then
    return old;
  end if;
  raise exception '${uncut}' using errcode = 'integrity_constraint_violation';
end
$$`,
    'drop trigger audit_events__no_delete on audit_events',
    `create trigger audit_events__no_delete before delete on audit_events
for each row execute function refuse_uncut_delete()`,
  ],
}

/**
 * What was cut off the audit, signed (docs/adr/0036-what-is-kept.md), and the sessions that still say where they came
 * from. It only expands: the rule that it exchanges refuses less than before.
 */
export const auditCuts: Migration = {
  name: '0016_audit_cuts',
  expands: true,
  async up(trx, engine) {
    const { int, text, keyedTable } = columnTypes[engine]
    const statements = [
      `create table audit_cuts (
  through_event_id ${int} not null constraint audit_cuts__through_event_id__key primary key,
  seal_position ${int} not null check (seal_position >= 1),
  seal_hash ${text} not null check (length(seal_hash) = 64),
  event_count ${int} not null check (event_count >= 1),
  rule ${text} not null check (length(rule) between 1 and 100),
  cut_at ${int} not null,
  key_id ${text} not null check (length(key_id) between 1 and 100),
  signature ${text} not null
) ${keyedTable}`,
      ...rules[engine],
      `create index sessions__origin__index on sessions (ended_at) where ended_at is not null and ip_address <> ''`,
    ]
    for (const statement of statements) await sql.raw(statement).execute(trx)
  },
}
