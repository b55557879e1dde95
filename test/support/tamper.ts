import assert from 'node:assert/strict'
import { sql } from 'kysely'
import type { Database } from '../../server/src/store/index.ts'

export const runStatements = (database: Database, statements: readonly string[]) =>
  database.transaction(async trx => {
    for (const statement of statements) await sql.raw(statement).execute(trx)
  })

/** As the owner of the file does it: the rules off, the rows changed, the rules on again. */
export async function tamper(database: Database, statements: readonly string[]): Promise<void> {
  const tables = ['audit_events', 'audit_seals', 'audit_cuts']
  if (database.engine === 'postgres') {
    const each = (verb: string) => tables.map(table => `alter table ${table} ${verb} trigger user`)
    return await runStatements(database, [...each('disable'), ...statements, ...each('enable')])
  }
  const { rows } = await sql<{
    name: string
    sql: string
  }>`select name, sql from sqlite_schema where type = 'trigger' and tbl_name in ('audit_events', 'audit_seals', 'audit_cuts')`.execute(
    database.read,
  )
  assert.equal(rows.length, 6)
  await runStatements(database, [
    ...rows.map(({ name }) => `drop trigger ${name}`),
    ...statements,
    ...rows.map(trigger => trigger.sql),
  ])
}
