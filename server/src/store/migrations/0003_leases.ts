import { sql } from 'kysely'
import { columnTypes } from './column-types.ts'
import type { Migration } from './migration.ts'

/** Who of all nodes does the work that one of them is to do. A row that is always there is what others wait for. */
export const leases: Migration = {
  name: '0003_leases',
  expands: true,
  async up(trx, engine) {
    const { int, text, keyedTable } = columnTypes[engine]
    const create = `create table leases (
  name ${text} not null constraint leases__name__key primary key check (length(name) between 1 and 50),
  holder ${text} check (length(holder) = 36),
  expires_at ${int} not null
) ${keyedTable}`
    await sql.raw(create).execute(trx)
    const names = ['housekeeping', 'signing_keys', 'permissions']
    await trx
      .insertInto('leases')
      .values(names.map(name => ({ name, holder: null, expires_at: 0 })))
      .execute()
  },
}
