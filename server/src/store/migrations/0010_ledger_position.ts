import { sql } from 'kysely'
import type { Engine } from '../database.ts'
import { columnTypes } from './column-types.ts'
import type { Migration } from './migration.ts'

const ofEngine: Record<Engine, string[]> = {
  // The id is the position there: one transaction writes at a time.
  sqlite: [],
  postgres: [
    // A default, so that the release before fills it in as well. Rows that are there keep null: as the table is locked for
    // this, all of them are committed.
    'alter table changes alter column xact set default pg_current_xact_id()::text::bigint',
    'create index changes__xact__index on changes (xact)',
    'create unlogged table ledger_epoch (id bigint not null constraint ledger_epoch__id__key primary key check (id = 1), epoch text collate "C" not null check (length(epoch) = 36))',
  ],
}

/** What a follower needs to read the ledger by position instead of by time (ADR 28), and how long tokens live that were signed. */
export const ledgerPosition: Migration = {
  name: '0010_ledger_position',
  expands: true,
  async up(trx, engine) {
    const { int, keyedTable } = columnTypes[engine]
    const statements = [
      `alter table changes add column xact ${int}`,
      ...ofEngine[engine],
      // Nearly all changes are ends of sessions: the others are found without a walk through those.
      `create index changes__others__index on changes (expires_at) where kind <> 'session_ended'`,
      `create table token_lives (
  life_ms ${int} not null constraint token_lives__life_ms__key primary key check (life_ms > 0),
  signed_until ${int} not null
) ${keyedTable}`,
    ]
    for (const statement of statements) await sql.raw(statement).execute(trx)
  },
}
