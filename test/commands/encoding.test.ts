import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, describe, it } from 'node:test'
import pg from 'pg'
import { postgresUrl } from '../support/postgres-url.ts'
import { workplace } from './support/propusk.ts'

/** An empty database of this encoding, removed after the file. */
async function databaseOf(encoding: string): Promise<string> {
  const url = new URL(await postgresUrl())
  const admin = new pg.Client({ connectionString: url.href })
  await admin.connect()
  const name = `encoded_${randomBytes(8).toString('hex')}`
  await admin.query(
    `create database ${name} encoding '${encoding}' lc_collate 'C' lc_ctype 'C' locale_provider libc template template0`,
  )
  after(async () => {
    await admin.query(`drop database ${name} with (force)`)
    await admin.end()
  })
  url.pathname = `/${name}`
  return url.href
}

for (const encoding of ['LATIN1', 'SQL_ASCII']) {
  describe(`a PostgreSQL database in ${encoding}`, async () => {
    const url = await databaseOf(encoding)
    const settings = {
      PROPUSK_DATABASE_URL: url,
      PROPUSK_MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
      PROPUSK_PORT: '0',
    }
    const says = new RegExp(`encoded in ${encoding}.*needs UTF8.*createdb --encoding=UTF8`)
    const tables = async () => {
      const client = new pg.Client({ connectionString: url })
      await client.connect()
      const { rows } = await client.query("select 1 from pg_tables where schemaname = 'public'")
      await client.end()
      return rows.length
    }

    for (const command of ['serve', 'migrate', 'doctor']) {
      it(`is refused by ${command}, which says what to do and makes no table`, async () => {
        const { code, out, err } = await workplace().run(command, '', settings)
        assert.equal(code, 1)
        assert.match(out + err, says)
        assert.equal(await tables(), 0)
      })
    }

    it('is refused by move, which leaves it as it is', async () => {
      const place = workplace({ PROPUSK_MASTER_KEY: settings.PROPUSK_MASTER_KEY })
      await (await place.start()).stop()
      const { code, err } = await place.run(`move --to ${url}`)
      assert.equal(code, 1)
      assert.match(err, says)
      assert.equal(await tables(), 0)
    })
  })
}
