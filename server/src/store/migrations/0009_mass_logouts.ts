import { sql } from 'kysely'
import { columnTypes } from './column-types.ts'
import type { Migration } from './migration.ts'

/**
 * The logouts of all users: every session that began at or before the instant is over, except one. The row takes effect
 * before each session's own row is updated, and stays for as long as one of them may not have been reached.
 */
export const massLogouts: Migration = {
  name: '0009_mass_logouts',
  expands: true,
  async up(trx, engine) {
    const { id, int, text, table } = columnTypes[engine]
    const create = `create table mass_logouts (
  id ${id},
  before_at ${int} not null,
  except_uuid ${text} not null check (length(except_uuid) = 36),
  created_at ${int} not null,
  finished_at ${int} check (finished_at >= created_at)
) ${table}`
    await sql.raw(create).execute(trx)
  },
}
