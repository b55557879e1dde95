import { sql } from 'kysely'
import { accessTables, assignmentTables } from './0001/access.ts'
import { accountTables } from './0001/accounts.ts'
import { auditTables } from './0001/audit.ts'
import { seedBuiltIns } from './0001/built-ins.ts'
import { ledgerTables } from './0001/ledger.ts'
import type { Migration } from './migration.ts'
import { wordsOf } from './words.ts'

/** Every table of the first release, and the resources and actions that the server's own routes name. */
export const initial: Migration = {
  name: '0001_initial',
  expands: false,
  async up(trx, engine) {
    const words = wordsOf[engine]
    const statements = [
      ...accountTables(words),
      ...accessTables(words),
      ...assignmentTables(words),
      ...ledgerTables(words),
      ...auditTables(words, engine),
    ]
    for (const statement of statements) await sql.raw(statement).execute(trx)
    await seedBuiltIns(trx)
  },
}
