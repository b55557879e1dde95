import { sql } from 'kysely'
import { columnTypes } from './column-types.ts'
import type { Migration } from './migration.ts'

/**
 * The links by which the first superuser is made in the console: the hash of each one's token, where it was printed,
 * and until when it works. And the turn that decides between two of them.
 */
export const setupLinks: Migration = {
  name: '0012_setup_links',
  expands: true,
  async up(trx, engine) {
    const { int, text, keyedTable } = columnTypes[engine]
    const create = `create table setup_links (
  token_hash ${text} not null constraint setup_links__token_hash__key primary key check (length(token_hash) = 64),
  printed_by ${text} not null check (length(printed_by) between 1 and 300),
  expires_at ${int} not null
) ${keyedTable}`
    await sql.raw(create).execute(trx)
    await trx.insertInto('leases').values({ name: 'setup', holder: null, expires_at: 0 }).execute()
  },
}
