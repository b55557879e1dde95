import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { migrations } from '../../server/src/store/migrations/index.ts'
import { password } from './support/api.ts'
import { type Workplace, workplace } from './support/propusk.ts'
import { countRows, databaseFileOf, inDatabase } from './support/tables.ts'

/** A place where a server has run and stopped. */
async function usedPlace(): Promise<Workplace> {
  const place = workplace()
  await (await place.start()).stop()
  return place
}

const fromTheFuture = (place: Workplace) =>
  inDatabase(place, database =>
    database.exec("insert into propusk_migrations (name, applied_at) values ('9999_from_the_future', 1)"),
  )

describe('doctor', () => {
  it('finds nothing wrong with a database that a server has made, running or not, and changes nothing', async () => {
    const place = workplace()
    const server = await place.start()
    const running = await place.run('doctor')
    await server.stop()
    const before = countRows(place)
    const stopped = await place.run('doctor')
    for (const { code, out, err } of [running, stopped]) {
      assert.deepEqual([code, err], [0, ''])
      assert.match(out, /^(ok {5}\S.*\n)+note {3}mail is not configured.*\nok {5}mail\n$/)
    }
    assert.deepEqual(countRows(place), before)
  })

  it('finds nothing wrong with a database that is migrated and that no server has used yet', async () => {
    const place = workplace()
    assert.equal((await place.run('migrate')).code, 0)
    const { code, out, err } = await place.run('doctor')
    assert.deepEqual([code, err], [0, ''])
    assert.ok(!existsSync(`${databaseFileOf(place)}.key`), 'doctor has made a master key')
    assert.match(out, /^note {3}there is no .*key yet: the first start makes it$/m)
    assert.match(out, /^note {3}there is no signing key yet: the first start makes one$/m)
    assert.doesNotMatch(out, /WRONG/)
  })

  const wrongs: [string, () => Promise<[Workplace, Record<string, string>?]>, RegExp][] = [
    ['a database file that is not there', async () => [workplace()], /^WRONG {2}database: there is no file/m],
    [
      'a database that is not migrated',
      async () => {
        const place = workplace()
        mkdirSync(join(place.directory, 'data'))
        writeFileSync(databaseFileOf(place), '')
        return [place]
      },
      /^WRONG {2}migrations: not applied yet: 0001_initial.*migrate$/m,
    ],
    [
      'a database of a newer version',
      async () => {
        const place = await usedPlace()
        fromTheFuture(place)
        return [place]
      },
      /^WRONG {2}migrations: .*9999_from_the_future/m,
    ],
    [
      'a file that is no database',
      async () => {
        const place = workplace()
        mkdirSync(join(place.directory, 'data'))
        writeFileSync(databaseFileOf(place), 'Dear diary, '.repeat(1_000))
        return [place]
      },
      /^WRONG {2}database: /m,
    ],
    [
      'a PostgreSQL that nobody can reach, without its password',
      async () => [
        workplace(),
        {
          PROPUSK_DATABASE_URL: 'postgres://ann:S3cret-of-ann@127.0.0.1:1/propusk',
          PROPUSK_MASTER_KEY: Buffer.alloc(32, 9).toString('base64'),
        },
      ],
      /^WRONG {2}database: (?!.*S3cret)/m,
    ],
    [
      'a key file that is lost',
      async () => {
        const place = await usedPlace()
        rmSync(`${databaseFileOf(place)}.key`)
        return [place]
      },
      /^WRONG {2}master key: there is no .*restore it from your backup$/m,
    ],
    [
      'a clock that is behind the audit',
      async () => {
        const place = await usedPlace()
        inDatabase(place, database =>
          database.exec(
            "insert into audit_events (at, action, target, outcome, details) values (4102444800000, 'user.create', 'users/1', 'success', '{}')",
          ),
        )
        return [place]
      },
      /^WRONG {2}clock: .*2100-01-01/m,
    ],
    [
      'a mail server that is not there, without its password',
      async () => [
        await usedPlace(),
        {
          PROPUSK_MAIL_URL: 'smtp://ann:S3cret-of-ann@127.0.0.1:1',
          PROPUSK_MAIL_FROM: 'no-reply@example.org',
        },
      ],
      /^WRONG {2}mail: (?!.*S3cret).*ECONNREFUSED|^WRONG {2}mail: (?!.*S3cret).*ESOCKET/m,
    ],
    [
      'templates of mails that cannot be read',
      async () => [await usedPlace(), { PROPUSK_MAIL_TEMPLATES: '/nowhere/at/all' }],
      /^WRONG {2}mail: PROPUSK_MAIL_TEMPLATES: .*ENOENT/m,
    ],
  ]
  for (const [what, prepare, line] of wrongs) {
    it(`names ${what} in one line, and ends with 1`, async () => {
      const [place, settings] = await prepare()
      const { code, out, err } = await place.run('doctor', '', settings)
      assert.deepEqual([code, err], [1, ''])
      assert.match(out, line)
      assert.equal(out.match(/^WRONG/gm)?.length, 1, out)
      assert.doesNotMatch(out, / {4}at /)
    })
  }

  it('makes no file where there is none', async () => {
    const place = workplace()
    await place.run('doctor')
    assert.deepEqual(readdirSync(place.directory), [])
  })
})

describe('a database of a newer version', () => {
  it('is refused by every command in one line, and left as it is', async () => {
    const place = await usedPlace()
    fromTheFuture(place)
    const before = countRows(place)
    const commands = ['serve', 'demo', 'migrate', 'user list', 'keys rotate', 'user create ann@example.org']
    for (const command of commands) {
      const { code, err } = await place.run(command, password, { PROPUSK_PORT: '0' })
      assert.equal(code, 1, command)
      assert.match(
        err,
        /^propusk: .*newer.*9999_from_the_future.*\n$|^propusk: .*9999_from_the_future.*newer.*\n$/,
      )
    }
    assert.deepEqual(countRows(place), before)
  })
})

describe('migrate', () => {
  it('makes the database once and has nothing to do the second time', async () => {
    const place = workplace()
    const first = await place.run('migrate')
    assert.deepEqual([first.code, first.out], [0, migrations.map(each => `applied ${each.name}\n`).join('')])
    assert.ok(existsSync(databaseFileOf(place)))
    const second = await place.run('migrate')
    assert.deepEqual([second.code, second.out], [0, 'nothing to apply: the database is up to date\n'])
  })
})
