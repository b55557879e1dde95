import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, renameSync } from 'node:fs'
import { after, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { freshDatabaseUrl } from '../support/engines.ts'
import { fillAccounts } from '../support/fill-accounts.ts'
import { withClient } from '../support/with-client.ts'
import { call, login, password, register } from './support/api.ts'
import { type Workplace, workplace } from './support/propusk.ts'
import { countRows, databaseFileOf, inDatabase } from './support/tables.ts'

const mainFile = fileURLToPath(new URL('../../server/src/main.js', import.meta.url))
/** Of the target: a lease and a node are of a running server, and its migrations are its own. */
const notMoved = ['leases', 'nodes', 'propusk_migrations']

const passwordIn = (url: string) => new URL(url).password
const keyOf = (place: Workplace) => readFileSync(`${databaseFileOf(place)}.key`, 'utf8').trim()
const refresh = (url: string, token: string, headers = {}) =>
  call(url, 'POST', '/token/refresh/', { body: { refresh: token }, headers })
const statusOfMe = async (url: string, token: string) => (await call(url, 'GET', '/me/', { token })).status

/** How many rows each table of the target holds; none when it has no tables. */
const countTarget = (url: string): Promise<Record<string, number>> =>
  withClient(url, async client => {
    const tables = await client.query<{ name: string }>(
      `select relname::text as name from pg_class where relnamespace = current_schema()::regnamespace and relkind = 'r'`,
    )
    const counts: Record<string, number> = {}
    for (const { name } of tables.rows) {
      const { rows } = await client.query(`select count(*)::int as count from "${name}"`)
      counts[name] = rows[0].count
    }
    return counts
  })

/** Nothing but what the migrations have made. */
async function assertEmpty(url: string): Promise<void> {
  const counts = await countTarget(url)
  const { actions = 5, resources = 10, leases = 3, propusk_migrations = 4, ...others } = counts
  assert.deepEqual({ actions, resources, leases }, { actions: 5, resources: 15, leases: 5 })
  assert.ok(propusk_migrations >= 4)
  for (const [table, count] of Object.entries(others)) assert.equal(count, 0, table)
}

/** A stopped server's database with two accounts. */
async function smallPlace(): Promise<Workplace> {
  const place = workplace()
  const server = await place.start()
  await register(server.url, 'ann@example.org')
  await register(server.url, 'bob@example.org')
  assert.equal((await server.stop()).code, 0)
  return place
}

let shared: Promise<Workplace> | undefined

/** The same one for all tests that leave it as it was. */
const small = (): Promise<Workplace> => {
  shared ??= smallPlace()
  return shared
}

const move = (place: Workplace, to: string) => place.run('move', '', { PROPUSK_MOVE_TO: to })

async function failsWith(place: Workplace, to: string, message: RegExp, settings = {}): Promise<void> {
  const { code, err } = await place.run('move', '', { PROPUSK_MOVE_TO: to, ...settings })
  assert.equal(code, 1, err)
  assert.match(err, message)
  assert.equal(err.trimEnd().split('\n').length, 1, err)
  if (passwordIn(to) !== '') assert.ok(!err.includes(passwordIn(to)))
}

describe('move', () => {
  it('propusk move brings every row with its id: live sessions go on, and ended ones stay ended', async () => {
    const place = workplace()
    const old = await place.start('demo')
    assert.equal((await place.run('user create boss@example.org --superuser', `${password}\n`)).code, 0)
    const boss = await login(old.url, 'boss@example.org')
    const asBoss = { token: boss.access }
    const ann = await register(old.url, 'ann@example.org')
    const annGone = await login(old.url, 'ann@example.org')
    assert.equal((await call(old.url, 'POST', '/logout/', { token: annGone.access })).status, 204)
    const lost = await login(old.url, 'ann@example.org')
    const lostNext = (await refresh(old.url, lost.refresh)).body
    const retryKey = { 'idempotency-key': 'a key of one request' }
    const late = await login(old.url, 'ann@example.org')
    const lateNext = (await refresh(old.url, late.refresh, retryKey)).body
    const stale = await login(old.url, 'ann@example.org')
    const staleNext = (await refresh(old.url, stale.refresh)).body
    const bob = await register(old.url, 'bob@example.org')
    const role = {
      name: 'Readers',
      code_name: 'readers',
      permissions: ['users:read', 'sessions:read'],
    }
    assert.equal((await call(old.url, 'POST', '/roles/', { ...asBoss, body: role })).status, 201)
    const given = await call(old.url, 'PATCH', `/users/${bob.user.id}/`, {
      ...asBoss,
      body: { roles: ['readers'] },
    })
    assert.equal(given.status, 200, JSON.stringify(given.body))
    const shortLived = { name: 'Short-lived', code_name: 'short-lived' }
    const passing = (await call(old.url, 'POST', '/roles/', { ...asBoss, body: shortLived })).body
    assert.equal((await call(old.url, 'DELETE', `/roles/${passing.id}/`, asBoss)).status, 204)
    const closed = await register(old.url, 'closed@example.org')
    assert.equal((await call(old.url, 'DELETE', '/me/', { token: closed.access })).status, 204)
    const rolesBefore = (await call(old.url, 'GET', '/roles/?limit=200', asBoss)).body
    const usersBefore = (await call(old.url, 'GET', '/users/?limit=200', asBoss)).body
    const auditBefore = (await call(old.url, 'GET', '/audit/?limit=200&ordering=id', asBoss)).body
    assert.equal((await old.stop()).code, 0)
    // The clock of a server cannot be set from outside: of one token the use is moved near, of two it is moved far.
    const consumedBy = (id: number, byMs: number) =>
      inDatabase(place, database =>
        database
          .prepare('update refresh_tokens set spent_at = spent_at + ? where user_id = ? and jti = ?')
          .run(byMs, ann.user.id, jtiAt(place, ann.user.id, id)),
      )
    consumedBy(0, 60_000)
    consumedBy(1, -60_000)
    consumedBy(2, -60_000)

    const to = await freshDatabaseUrl('postgres')
    const before = readFileSync(databaseFileOf(place))
    const { code, out, err } = await move(place, to)
    assert.deepEqual([code, err], [0, ''])
    assert.deepEqual(readFileSync(databaseFileOf(place)), before)
    assert.match(out, /^copied users: \d+ rows$/m)
    assert.match(out, /^compared refresh_tokens: \d+ rows$/m)
    assert.match(out, /^moved [\d,]+ rows of \d+ tables in [\d.]+ s$/m)
    assert.match(out, /PROPUSK_DATABASE_URL[\s\S]*PROPUSK_MASTER_KEY to the content of .*propusk\.db\.key/)
    assert.match(out, /Do not start the old server/)
    for (const secret of [passwordIn(to), keyOf(place)]) assert.ok(!out.includes(secret))
    const [here, there] = [countRows(place), await countTarget(to)]
    // A table without content of its own: only PostgreSQL can be led to another server.
    const comparable = Object.keys(there).filter(table => table !== 'ledger_epoch')
    assert.deepEqual(comparable.sort(), Object.keys(here).sort())
    for (const table of Object.keys(here).filter(table => !notMoved.includes(table))) {
      assert.equal(there[table], here[table], table)
      assert.match(out, new RegExp(`^${table} +[\\d,]+ +same +[0-9a-f]{16}$`, 'm'))
    }

    const settings = { PROPUSK_DATABASE_URL: to, PROPUSK_MASTER_KEY: keyOf(place) }
    const next = await place.start('serve', settings)
    assert.deepEqual(
      await Promise.all([boss, ann, bob].map(({ access }) => statusOfMe(next.url, access))),
      [200, 200, 200],
    )
    assert.equal(await statusOfMe(next.url, annGone.access), 401)
    assert.equal(await statusOfMe(next.url, closed.access), 401)
    assert.equal((await refresh(next.url, annGone.refresh)).status, 401)
    assert.equal((await refresh(next.url, closed.refresh)).status, 401)
    const shown = async (path: string) => (await call(next.url, 'GET', path, asBoss)).body
    assert.deepEqual(await shown('/roles/?limit=200'), rolesBefore)
    assert.deepEqual(await shown('/users/?limit=200'), usersBefore)
    const auditAfter = await shown('/audit/?limit=200&ordering=id')
    assert.deepEqual(auditAfter.results, auditBefore.results)
    const users = await call(next.url, 'GET', '/users/', { token: bob.access })
    assert.equal(users.status, 200)
    assert.equal((await call(next.url, 'GET', '/roles/', { token: bob.access })).status, 403)

    const fresh = await refresh(next.url, ann.refresh)
    assert.equal(fresh.status, 200)
    assert.equal(await statusOfMe(next.url, fresh.body.access), 200)
    // A client whose answer was lost just before the move asks again and gets it; a late one needs the key of its request.
    const again = await refresh(next.url, lost.refresh)
    assert.deepEqual([again.status, again.body.refresh], [200, lostNext.refresh])
    const known = await refresh(next.url, late.refresh, retryKey)
    assert.deepEqual([known.status, known.body.refresh], [200, lateNext.refresh])
    assert.equal((await refresh(next.url, stale.refresh)).status, 401)
    assert.equal((await refresh(next.url, staleNext.refresh)).status, 401)

    await login(next.url, 'ann@example.org')
    const wrong = { email: 'ann@example.org', password: 'not the password at all' }
    assert.equal((await call(next.url, 'POST', '/login/', { body: wrong })).status, 401)
    const carl = await register(next.url, 'carl@example.org')
    assert.equal(carl.user.id, closed.user.id + 1)
    const added = await call(next.url, 'POST', '/roles/', { ...asBoss, body: shortLived })
    assert.deepEqual([added.status, added.body.id], [201, passing.id + 1])
    assert.equal((await next.stop()).code, 0)
    assert.equal((await place.run('doctor', '', settings)).code, 0)

    // What has been moved into is not empty any more.
    const grants = await countTarget(to)
    await failsWith(place, to, /holds rows already \(.*users/)
    assert.deepEqual(await countTarget(to), grants)
  })

  it('refuses a file that a server has open, and touches no table of the target', async () => {
    const place = workplace()
    const server = await place.start()
    await register(server.url, 'ann@example.org')
    const to = await freshDatabaseUrl('postgres')
    await failsWith(place, to, /Another process has .*propusk\.db open/)
    assert.deepEqual(await countTarget(to), {})
    assert.equal(await statusOfMe(server.url, (await login(server.url, 'ann@example.org')).access), 200)
    assert.equal((await server.stop()).code, 0)
  })

  it('moves what a killed server has left in its log', async () => {
    const place = workplace()
    const server = await place.start()
    const ann = await register(server.url, 'ann@example.org')
    await server.stop('SIGKILL')
    const to = await freshDatabaseUrl('postgres')
    assert.equal((await move(place, to)).code, 0)
    const { rows } = await withClient(to, client => client.query('select id::int, email from users'))
    assert.deepEqual(rows, [{ id: ann.user.id, email: 'ann@example.org' }])
  })

  it('refuses a target on which a server was started, whose keys are not those of the file', async () => {
    const place = await small()
    const to = await freshDatabaseUrl('postgres')
    const early = await place.start('serve', {
      PROPUSK_DATABASE_URL: to,
      PROPUSK_MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
    })
    assert.equal((await early.stop()).code, 0)
    const grants = await countTarget(to)
    await failsWith(place, to, /holds rows already \(.*signing_keys/)
    assert.deepEqual(await countTarget(to), grants)
  })

  it('refuses a source that is no SQLite file, and one without its key', async () => {
    const to = await freshDatabaseUrl('postgres')
    const nowhere = workplace()
    await failsWith(nowhere, to, /no database .*propusk\.db to move/)
    assert.equal(existsSync(databaseFileOf(nowhere)), false)
    const settings = { PROPUSK_MASTER_KEY: Buffer.alloc(32, 7).toString('base64') }
    await failsWith(nowhere, to, /PROPUSK_DATABASE_URL names none/, { ...settings, PROPUSK_DATABASE_URL: to })
    const place = await small()
    await failsWith(place, to, /PROPUSK_MASTER_KEY/, settings)
    const keyFile = `${databaseFileOf(place)}.key`
    renameSync(keyFile, `${keyFile}.gone`)
    await failsWith(place, to, /master key file .* is missing/)
    renameSync(`${keyFile}.gone`, keyFile)
    assert.deepEqual(await countTarget(to), {})
  })

  it('is wrong usage without a target that is PostgreSQL, and shows no password', async () => {
    const place = workplace()
    for (const args of [
      'move',
      'move --to',
      'move --to sqlite:./other.db',
      'move --to mysql://root:hunter2@127.0.0.1/x',
      'move --to postgres://root:hunter2@127.0.0.1',
      'move postgres://root:hunter2@127.0.0.1/x',
    ]) {
      const { code, out, err } = await place.run(args)
      assert.deepEqual([code, out], [2, ''], args)
      assert.match(err, /^propusk: .+\nSee: npm run cli -- .*--help\n$/)
      assert.ok(!err.includes('hunter2'))
    }
    const { code, err } = await (await small()).run('move --to postgres://root:hunter2@127.0.0.1:1/x')
    assert.equal(code, 1)
    assert.match(err, /^propusk: The target cannot be reached: .*\n$/)
    assert.ok(!err.includes('hunter2'))
  })

  it('names the row that PostgreSQL cannot hold, and leaves the target empty', async () => {
    const place = await small()
    inDatabase(place, database =>
      database.exec("update users set first_name = 'A' || char(0) || 'nn' where email like 'bob%'"),
    )
    const to = await freshDatabaseUrl('postgres')
    await failsWith(place, to, /users 2 .*first_name .*NUL/)
    await assertEmpty(to)
    inDatabase(place, database =>
      database.exec("update users set first_name = 'Ann — «Аня» 🙂' where id = 2"),
    )
    assert.equal((await move(place, to)).code, 0)
    const { rows } = await withClient(to, client => client.query('select first_name from users where id = 2'))
    assert.deepEqual(rows, [{ first_name: 'Ann — «Аня» 🙂' }])
  })
})

describe('a move that is cut off', async () => {
  const running = new Set<ChildProcess>()
  after(() => {
    for (const child of running) child.kill('SIGKILL')
  })

  /** Runs the command, and does this to it once it has copied the accounts. */
  async function cutOff(place: Workplace, to: string, how: (child: ChildProcess) => unknown) {
    const child = spawn(process.execPath, [mainFile, 'move'], {
      cwd: place.directory,
      env: { PATH: process.env.PATH, PROPUSK_MOVE_TO: to },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    running.add(child)
    const closed = once(child, 'close')
    let out = ''
    let err = ''
    let isCut = false
    child.stderr.setEncoding('utf8').on('data', text => {
      err += text
    })
    child.stdout.setEncoding('utf8').on('data', text => {
      out += text
      if (isCut || !/^copied users/m.test(out)) return
      isCut = true
      how(child)
    })
    const [code, signal] = await closed
    running.delete(child)
    assert.doesNotMatch(out, /moved/)
    return { code, signal, err }
  }

  const loseConnection = (to: string) =>
    withClient(to, client =>
      client.query(`select pg_terminate_backend(pid) from pg_locks
        where relation = 'users'::regclass and mode = 'AccessExclusiveLock'`),
    )

  it('leaves the target empty, and can be run again', async () => {
    const place = await smallPlace()
    inDatabase(place, database => fillAccounts(database, 12_000, Date.now()))
    const to = await freshDatabaseUrl('postgres')
    for (const signal of ['SIGKILL', 'SIGINT'] as const) {
      const ended = await cutOff(place, to, child => child.kill(signal))
      assert.deepEqual(ended, { code: null, signal, err: '' })
      await assertEmpty(to)
    }
    const lost = await cutOff(place, to, () => loseConnection(to))
    assert.equal(lost.code, 1)
    assert.match(lost.err, /^propusk: .*terminat.*\n$/i)
    await assertEmpty(to)
    const { code, out, err } = await move(place, to)
    assert.deepEqual([code, err], [0, ''])
    assert.match(out, /^users +12,002 +same/m)
    const { users, sessions, refresh_tokens } = await countTarget(to)
    assert.deepEqual(
      { users, sessions, refresh_tokens },
      { users: 12_002, sessions: 12_002, refresh_tokens: 12_002 },
    )
  })
})

/** Of an account's consumed refresh tokens, in the order in which their sessions began. */
const jtiAt = (place: Workplace, userId: number, position: number): string =>
  inDatabase(place, database => {
    const rows = database
      .prepare(
        'select jti from refresh_tokens where user_id = ? and spent_at is not null order by session_id',
      )
      .all(userId)
    return String(rows[position]?.jti)
  })
