import { sql } from 'kysely'
import { columnTypes } from './column-types.ts'
import type { Migration } from './migration.ts'

/**
 * The level of authentication that a role asks for, and the level and the age that a rule of forward-auth does (ADR 49). Null asks
 * for none. A release before this one takes no notice of them: they are to be set when every node is updated.
 */
export const requiredLevels: Migration = {
  name: '0026_required_levels',
  expands: true,
  async up(trx, engine) {
    const { int, text } = columnTypes[engine]
    for (const column of [
      `roles add column requires_aal ${text}`,
      `forward_rules add column acr ${text}`,
      `forward_rules add column max_age_seconds ${int}`,
    ]) {
      await sql.raw(`alter table ${column}`).execute(trx)
    }
  },
}
