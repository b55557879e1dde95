import type { Engine } from '../../database.ts'
import type { Words } from '../words.ts'

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
export const auditTables = (words: Words, engine: Engine): string[] => [
  `create table audit_events (
  id ${words.id},
  at ${words.int} not null,
  actor ${words.int} references users (id) on delete restrict,
  action ${words.text} not null check (length(action) between 1 and 100),
  target ${words.text} check (length(target) <= 200),
  outcome ${words.text} not null check (outcome in ('success', 'denied', 'failure')),
  ip_address ${words.text} check (length(ip_address) <= 64),
  user_agent ${words.text},
  details ${words.text} not null
) ${words.table}`,
  'create index audit_events__at__index on audit_events (at, id)',
  'create index audit_events__actor__index on audit_events (actor, id)',
  'create index audit_events__action__index on audit_events (action, id)',
  'create index audit_events__target__index on audit_events (target, id)',
  ...triggers[engine],
]
