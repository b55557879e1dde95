import { sql } from 'kysely'
import { columnTypes } from './column-types.ts'
import type { Migration } from './migration.ts'

/**
 * The order of the signing keys, what each does, and until when it stays published. All may be null: release 0.1.0 makes
 * keys without them, and a later node fills them in (docs/adr/0029-signing-keys.md). And one row beside the chain of
 * the audit's seals, which says how far the chain must reach (docs/adr/0030-audit-anchor.md).
 */
export const keyStatesAndAnchor: Migration = {
  name: '0011_key_states_and_anchor',
  expands: true,
  async up(trx, engine) {
    const { int, text, keyedTable } = columnTypes[engine]
    const columns = [`sequence ${int}`, `state ${text}`, `signs_at ${int}`, `published_until ${int}`]
    const statements = [
      ...columns.map(column => `alter table signing_keys add column ${column}`),
      `create table audit_anchor (
  name ${text} not null constraint audit_anchor__name__key primary key check (name = 'newest'),
  checkpoint ${text} not null
) ${keyedTable}`,
    ]
    for (const statement of statements) await sql.raw(statement).execute(trx)
  },
}
