import { sql } from 'kysely'
import { columnTypes } from './column-types.ts'
import type { Migration } from './migration.ts'
import { addBuiltInResource } from './migration.ts'

/** What administrators see of the running server: its nodes, counts of the audit by the hour, and the resource for it. */
export const server: Migration = {
  name: '0007_server',
  expands: true,
  async up(trx, engine) {
    const { int, text, keyedTable } = columnTypes[engine]
    const statements = [
      `create table nodes (
  id ${text} not null constraint nodes__id__key primary key check (length(id) = 36),
  started_at ${int} not null,
  seen_at ${int} not null,
  version ${text} not null check (length(version) between 1 and 50),
  host ${text} check (length(host) between 1 and 255)
) ${keyedTable}`,
      'create index nodes__seen_at__index on nodes (seen_at, id)',

      `create table audit_hours (
  hour_at ${int} not null check (hour_at % 3600000 = 0),
  action ${text} not null check (length(action) between 1 and 100),
  count ${int} not null check (count >= 1),
  constraint audit_hours__hour_at__action__key primary key (hour_at, action)
) ${keyedTable}`,

      // One row: what has been counted into `audit_hours`. It is not there before anything was.
      `create table audit_tallies (
  name ${text} not null constraint audit_tallies__name__key primary key check (name = 'hours'),
  from_id ${int} not null check (from_id >= 0),
  through_id ${int} not null,
  check (through_id >= from_id)
) ${keyedTable}`,
    ]
    for (const statement of statements) await sql.raw(statement).execute(trx)
    await addBuiltInResource(trx, { codeName: 'server', name: 'Server' })
  },
}
