import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { sql } from 'kysely'
import { createAuthenticator } from '../../../test/support/authenticator.ts'
import { engines } from '../../../test/support/engines.ts'
import { enrolTotp, ticketOf } from '../../../test/support/totp.ts'
import { testWorld } from '../../../test/support/world.ts'

for (const engine of engines) {
  describe(`the database, searched for what was handed out, on ${engine}`, async () => {
    const world = await testWorld({ engine })
    const { read } = world.core.database

    const dump = async (): Promise<string> => {
      const tables = await sql<{ name: string }>`${
        engine === 'sqlite'
          ? sql`select name from sqlite_master where type = 'table'`
          : sql`select tablename as name from pg_tables where schemaname = current_schema()`
      }`.execute(read)
      assert.ok(tables.rows.length > 20)
      const texts: string[] = []
      for (const { name } of tables.rows) {
        const { rows } = await sql`select * from ${sql.table(name)}`.execute(read)
        texts.push(JSON.stringify(rows))
      }
      return texts.join('\n')
    }

    it('holds no secret of an app, no recovery code, no ticket and no challenge in the clear', async () => {
      const person = await world.register()
      const app = await enrolTotp(world, person)
      const begun = await world.call('POST', '/me/factors/totp/', { token: person.access, body: {} })
      assert.equal(begun.status, 401, 'a second one needs the first')
      const { ticket } = await ticketOf(world, person)
      const code = app.next()
      assert.equal((await world.call('POST', '/login/factor/', { body: { ticket, totp: code } })).status, 200)
      const waiting = await ticketOf(world, person)
      const other = await world.register()
      const pending = await world.call('POST', '/me/factors/totp/', { token: other.access, body: {} })
      const creation = await world.call('POST', '/me/factors/passkey/options/', { token: other.access })
      const made = { passkey: createAuthenticator().create(creation.body) }
      const enrolled = await world.call('POST', '/me/factors/passkey/', { token: other.access, body: made })
      const asked = await world.call('POST', '/login/passkey/options/', { body: {} })

      const secrets = [
        app.secret,
        pending.body.secret,
        ...app.recoveryCodes,
        ...app.recoveryCodes.map(each => each.replaceAll('-', '')),
        ...enrolled.body.recovery_codes,
        ticket.split('.')[1],
        waiting.ticket.split('.')[1],
        asked.body.challenge,
      ] as string[]
      assert.ok(secrets.length > 30)
      const text = await dump()
      for (const secret of secrets)
        assert.ok(!text.includes(secret), `${secret.slice(0, 4)}… is in the database`)
      for (const line of world.log) {
        for (const secret of secrets) assert.ok(!line.includes(secret), 'a secret is in the log')
      }
    })
  })
}
