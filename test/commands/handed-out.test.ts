import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { describe, it } from 'node:test'
import { mailEnv, smtpServer } from '../mail/support/smtp.ts'
import { engines } from '../support/engines.ts'
import { handOut } from '../support/hand-out.ts'
import { formsOf, foundIn, type Wanted } from '../support/search-for.ts'
import { unthrottled } from '../support/throttle.ts'
import { rowsOf } from '../support/with-client.ts'
import { testWorld } from '../support/world.ts'
import { workplace } from './support/propusk.ts'

const masterKey = Buffer.alloc(32, 7).toString('base64')

/** Every row of every table of a PostgreSQL schema, as the text that a dump of it holds. */
async function dumpOf(url: string): Promise<Buffer> {
  const tables = await rowsOf(url, 'select tablename from pg_tables where schemaname = current_schema()')
  const texts: string[] = []
  for (const { tablename } of tables) {
    const rows = await rowsOf(url, `select t::text as row from "${tablename}" t`)
    texts.push(`${tablename}\n${rows.map(({ row }) => row).join('\n')}`)
  }
  assert.ok(tables.length > 20)
  return Buffer.from(texts.join('\n'))
}

for (const engine of engines) {
  describe(`the database and a backup, searched for all that was handed out, on ${engine}`, async () => {
    const smtp = await smtpServer()
    const world = await testWorld({
      engine,
      env: {
        ...unthrottled,
        ...mailEnv(smtp),
        PROPUSK_REGISTRATION: 'verified',
        PROPUSK_LOGIN_CODE: 'on',
        PROPUSK_SESSION_IDLE: '2h',
        PROPUSK_REMEMBER_DEVICE: '30',
      },
    })
    const { databaseUrl } = world.core.config
    const place = workplace({ PROPUSK_DATABASE_URL: databaseUrl, PROPUSK_MASTER_KEY: masterKey })
    let backups = 0

    /** What a thief could carry away, by name. The files of SQLite hold what was deleted, too. */
    const places = async (): Promise<ReadonlyMap<string, Buffer>> => {
      const found = new Map<string, Buffer>()
      if (engine === 'postgres') return found.set('dump', await dumpOf(databaseUrl))
      const file = databaseUrl.replace(/^sqlite:/, '')
      // Read by another process: closing a file gives up every lock that this one has on it (POSIX), the server's too.
      const files = join(place.directory, `files-${++backups}`)
      execFileSync('cp', ['-r', dirname(file), files])
      for (const name of readdirSync(files)) found.set(name, readFileSync(join(files, name)))
      assert.ok(existsSync(join(files, `${basename(file)}-wal`)))
      const { code, err } = await place.run(`backup copy-${backups}.db`)
      assert.deepEqual([code, err], [0, ''])
      return found.set('backup', readFileSync(join(place.directory, `copy-${backups}.db`)))
    }

    it('holds no link, code, ticket, token, secret of an app, recovery code, challenge, key or cookie, in no form', async () => {
      const given = [...(await handOut(world, smtp))]
      const linked = await place.run('user reset-password bob.three@example.com --link')
      const token = /#t=(\S+)/.exec(linked.out)?.[1]
      assert.ok(token, linked.err)
      given.push({ what: 'link of the command line', text: token.split('.')[1]! })
      const kinds = new Set(given.map(({ what }) => what))
      assert.ok(kinds.has('cookie __Host-propusk-remembered'))
      assert.ok(kinds.size >= 40 && given.length > 90, `${kinds.size} kinds, ${given.length} in all`)

      for (const [name, bytes] of await places()) assert.deepEqual(foundIn(bytes, given), [], name)
      assert.deepEqual(foundIn(Buffer.from(world.log.join('')), given), [], 'the log')

      // What is known to be there is found, and so is each of them in each form once it is put there.
      const known: Wanted[] = [
        { what: 'address', text: 'bob.three@example.com' },
        { what: 'hash', text: '$argon2id$' },
      ]
      for (const [name, bytes] of await places()) {
        const isMeant = /^(?:backup|dump)$|-wal$/.test(name)
        if (isMeant) assert.equal(foundIn(bytes, known).length, 2, name)
      }
      const planted = given.flatMap(each =>
        formsOf(each)
          // A text column holds no bytes that are no text.
          .filter(form => Buffer.from(form.toString('utf8')).equals(form) && !form.includes(0))
          .map(form => form.toString('utf8')),
      )
      await world.core.database.transaction(trx =>
        trx
          .insertInto('mail_outbox')
          .values(
            planted.map(text => ({
              kind: 'address_taken',
              locale: 'en' as const,
              to_email: 'planted@example.com',
              user_id: null,
              proof_id: null,
              details: text,
              created_at: 1,
              attempts: 0,
              next_attempt_at: 1,
              state: 'dropped' as const,
              finished_at: 1,
              last_error: null,
            })),
          )
          .execute(),
      )
      const seen = await places()
      const everywhere = Buffer.concat([...seen.values()])
      assert.equal(foundIn(everywhere, given).length, given.length)
      const copy = seen.get('backup') ?? seen.get('dump')!
      for (const text of planted) assert.ok(copy.includes(text), 'what was put there is not found')
    })
  })
}
