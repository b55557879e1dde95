import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { sql } from 'kysely'
import { freshDatabaseUrl } from '../../../test/support/engines.ts'
import { openDatabase } from '../store/index.ts'

describe('the audit of SQLite, read newest first', async () => {
  const db = await openDatabase(await freshDatabaseUrl('sqlite'))
  after(() => db.close())
  await db.migrate()

  for (const column of ['actor', 'action', 'target']) {
    it(`sorts nothing when it is filtered by ${column}, however many rows match`, async () => {
      const { rows } = await sql<{ detail: string }>`explain query plan
        select e.id, u.email from audit_events as e left join users as u on u.id = e.actor
        where ${sql.ref(`e.${column}`)} = ${1} order by e.at desc, e.id desc limit 51`.execute(db.read)
      const plan = rows.map(({ detail }) => detail).join('\n')
      assert.ok(plan.includes(`audit_events__${column}__at__index`), plan)
      assert.doesNotMatch(plan, /TEMP B-TREE/)
    })
  }
})
