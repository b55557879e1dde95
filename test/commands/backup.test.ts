import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, it } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { call, login, register, type SignedIn } from './support/api.ts'
import { type Workplace, workplace } from './support/propusk.ts'
import { databaseFileOf, inDatabase } from './support/tables.ts'

const otherKey = `${Buffer.alloc(32, 1).toString('base64url')}\n`

const pathIn = ({ directory }: Workplace, name: string) => join(directory, name)
const modeOf = (path: string) => statSync(path).mode & 0o777

/** What lies in the data directory, and no draft among it. */
const dataOf = (place: Workplace) => readdirSync(join(place.directory, 'data')).sort()

async function backedUp(place: Workplace, name = 'kept.db'): Promise<void> {
  const { code, err } = await place.run(`backup ${name}`)
  assert.deepEqual([code, err], [0, ''])
}

/** A stopped server with ann registered, and her backup. */
async function placeWithBackup(): Promise<{ place: Workplace; ann: SignedIn }> {
  const place = workplace()
  const server = await place.start()
  const ann = await register(server.url, 'ann@example.org')
  await backedUp(place)
  assert.equal((await server.stop()).code, 0)
  return { place, ann }
}

/** Runs a command that has to fail with one line, and to change no file. */
async function failsWith(place: Workplace, args: string, message: RegExp, settings = {}): Promise<void> {
  const files = () =>
    readdirSync(place.directory, { recursive: true }).filter(name => !/-(?:wal|shm)$/.test(String(name)))
  const before = files().sort()
  const { code, out, err } = await place.run(args, '', settings)
  assert.deepEqual([code, out], [1, ''], err)
  assert.match(err, message)
  assert.equal(err.trimEnd().split('\n').length, 1, err)
  assert.deepEqual(files().sort(), before)
}

describe('backup', () => {
  it('holds every registration that was acknowledged before it began, beside a server at work', async () => {
    const place = workplace()
    const server = await place.start()
    const state = { isOver: false, acknowledged: [] as SignedIn[] }
    const client = async (name: string) => {
      for (let round = 0; !state.isOver; round++)
        state.acknowledged.push(await register(server.url, `${name}-${round}@example.org`))
    }
    const clients = ['a', 'b', 'c'].map(client)
    await Promise.race([...clients, enough(() => state.acknowledged.length >= 6)])
    const before = state.acknowledged.map(({ user }) => user.email)
    const { code, out, err } = await place.run('backup kept.db')
    const during = state.acknowledged.length
    state.isOver = true
    await Promise.all(clients)

    assert.deepEqual([code, err], [0, ''])
    assert.ok(during > before.length, 'the server was at work meanwhile')
    assert.match(out, /wrote .*\/kept\.db \([\d,]+ bytes\)\nwrote .*\/kept\.db\.key \(44 bytes\)\n/)
    assert.match(out, /belong together[\s\S]*secret/)
    const copy = new DatabaseSync(pathIn(place, 'kept.db'), { readOnly: true })
    const emails = new Set(
      copy
        .prepare('select email from users')
        .all()
        .map(row => row.email),
    )
    copy.close()
    for (const email of before) assert.ok(emails.has(email), email)
    assert.equal((await server.stop()).code, 0)
  })

  it('writes two files for their owner only, and leaves nothing else behind', async () => {
    const { place } = await placeWithBackup()
    assert.deepEqual([modeOf(pathIn(place, 'kept.db')), modeOf(pathIn(place, 'kept.db.key'))], [0o600, 0o600])
    assert.deepEqual(readdirSync(place.directory).sort(), ['data', 'kept.db', 'kept.db.key'])
    assert.deepEqual(readFileSync(pathIn(place, 'kept.db.key')), readFileSync(`${databaseFileOf(place)}.key`))
    // A stopped server's database is one file again, too.
    await backedUp(place, 'again.db')
    assert.deepEqual(dataOf(place), ['propusk.db', 'propusk.db.key', 'propusk.db.seal'])
  })

  it('overwrites nothing: neither the file nor what would stand beside it', async () => {
    const { place } = await placeWithBackup()
    for (const suffix of ['', '.key', '-wal']) {
      const inTheWay = pathIn(place, `taken.db${suffix}`)
      writeFileSync(inTheWay, 'mine')
      await failsWith(place, 'backup taken.db', /exists already/)
      assert.equal(readFileSync(inTheWay, 'utf8'), 'mine')
      rmSync(inTheWay)
    }
    await failsWith(place, 'backup data/propusk.db', /exists already/)
    await failsWith(place, 'backup nowhere/kept.db', /no directory .*nowhere/)
  })

  it('leaves the master key out where PROPUSK_MASTER_KEY holds it, and says so', async () => {
    const settings = { PROPUSK_MASTER_KEY: Buffer.alloc(32, 7).toString('base64') }
    const place = workplace(settings)
    const server = await place.start()
    await register(server.url, 'ann@example.org')
    const { code, out } = await place.run('backup kept.db')
    assert.equal(code, 0)
    assert.match(out, /PROPUSK_MASTER_KEY holds it/)
    assert.equal(out.includes(settings.PROPUSK_MASTER_KEY), false)
    assert.equal(existsSync(pathIn(place, 'kept.db.key')), false)
    assert.equal((await server.stop()).code, 0)
  })

  it('refuses a key that does not open the database, a lost one, and a damaged or missing database', async () => {
    const { place } = await placeWithBackup()
    const keyFile = `${databaseFileOf(place)}.key`
    const key = readFileSync(keyFile)
    writeFileSync(keyFile, otherKey)
    await failsWith(place, 'backup new.db', /another master key/)
    rmSync(keyFile)
    await failsWith(place, 'backup new.db', /key file .* is missing/)
    writeFileSync(keyFile, key)
    truncateSync(databaseFileOf(place), 40_960)
    await failsWith(place, 'backup new.db', /propusk\.db .*damaged/)
    writeFileSync(databaseFileOf(place), 'no database at all, but a text of some length')
    await failsWith(place, 'backup new.db', /no SQLite database/)
    rmSync(databaseFileOf(place))
    await failsWith(place, 'backup new.db', /no database .* yet/)
  })

  it('does not migrate the database that it copies', async () => {
    const { place } = await placeWithBackup()
    const forget = 'delete from propusk_migrations; '
    inDatabase(place, database =>
      database.exec(`${forget} insert into propusk_migrations (name, applied_at) values ('9999_later', 1)`),
    )
    await failsWith(place, 'backup new.db', /newer Propusk \(9999_later\)/)
    inDatabase(place, database => database.exec(forget))
    await failsWith(place, 'backup new.db', /no Propusk database/)
    assert.deepEqual(
      inDatabase(place, database => database.prepare('select * from propusk_migrations').all()),
      [],
    )
  })
})

describe('restore', () => {
  it('brings back accounts and keys: sign-in works, and tokens of before verify', async () => {
    const { place, ann } = await placeWithBackup()
    const later = await place.start()
    const bob = await register(later.url, 'bob@example.org')
    assert.equal((await later.stop()).code, 0)

    const { code, out, err } = await place.run('restore kept.db')
    assert.deepEqual([code, err], [0, ''])
    assert.match(out, /restored .*propusk\.db from .*kept\.db\n/)
    assert.match(out, /alive again[\s\S]*All\s+signing keys must go/)
    const kept = dataOf(place).filter(name => name.includes('.before-restore-'))
    assert.equal(kept.length, 3)
    // What the old audit had sealed is kept with it: it is no word about the one that was put back.
    assert.deepEqual(dataOf(place), ['propusk.db', ...kept, 'propusk.db.key'])
    for (const name of dataOf(place)) assert.equal(modeOf(join(place.directory, 'data', name)), 0o600, name)
    assert.equal((await place.run('doctor')).code, 0)

    const server = await place.start()
    assert.equal((await call(server.url, 'GET', '/me/', { token: ann.access })).status, 200)
    await login(server.url, 'ann@example.org')
    const gone = await call(server.url, 'POST', '/token/refresh/', { body: { refresh: bob.refresh } })
    assert.deepEqual([gone.status, gone.body.code], [401, 'invalid_refresh_token'])
    // Bob's id is not given to somebody else: his access token lives on for minutes.
    const eve = await register(server.url, 'eve@example.org')
    assert.ok(eve.user.id > bob.user.id, `${eve.user.id} after ${bob.user.id}`)
    assert.equal((await server.stop()).code, 0)

    // What was kept is a backup like any other.
    assert.equal((await place.run(`restore data/${kept[0]}`)).code, 0)
    const back = await place.start()
    await login(back.url, 'bob@example.org')
    assert.equal((await back.stop()).code, 0)
  })

  it('works in an empty place, and with another key in the way', async () => {
    const { place, ann } = await placeWithBackup()
    const elsewhere = workplace()
    const first = await elsewhere.start()
    await register(first.url, 'carl@example.org')
    assert.equal((await first.stop()).code, 0)
    for (const target of [workplace(), elsewhere]) {
      assert.equal((await target.run(`restore ${pathIn(place, 'kept.db')}`)).code, 0)
      const server = await target.start()
      assert.equal((await call(server.url, 'GET', '/me/', { token: ann.access })).status, 200)
      await login(server.url, 'ann@example.org')
      assert.equal((await server.stop()).code, 0)
    }
    const [kept] = dataOf(elsewhere).filter(name => /before-restore-.*Z$/.test(name))
    assert.equal((await elsewhere.run(`restore data/${kept}`)).code, 0)
    const again = await elsewhere.start()
    await login(again.url, 'carl@example.org')
    assert.equal((await again.stop()).code, 0)
  })

  it('refuses while a server has the database open, which goes on as if nothing had been', async () => {
    const { place } = await placeWithBackup()
    const server = await place.start()
    const bob = await register(server.url, 'bob@example.org')
    await failsWith(place, 'restore kept.db', /Another process has .*propusk\.db open\. Stop every server/)
    await register(server.url, 'carl@example.org')
    assert.equal((await call(server.url, 'GET', '/me/', { token: bob.access })).status, 200)
    // A server that stands still holds its locks as well.
    server.kill('SIGSTOP')
    await failsWith(place, 'restore kept.db', /Another process has/)
    server.kill('SIGCONT')
    await login(server.url, 'bob@example.org')
    assert.equal((await server.stop()).code, 0)
  })

  it('takes the database of a killed server with all that is still in its log', async () => {
    const { place } = await placeWithBackup()
    const server = await place.start()
    await register(server.url, 'bob@example.org')
    server.kill('SIGKILL')
    await server.ended()
    assert.ok(statSync(`${databaseFileOf(place)}-wal`).size > 0)
    assert.equal((await place.run('restore kept.db')).code, 0)
    const [kept] = dataOf(place).filter(name => /before-restore-.*Z$/.test(name))
    assert.equal((await place.run(`restore data/${kept}`)).code, 0)
    const again = await place.start()
    await login(again.url, 'bob@example.org')
    assert.equal((await again.stop()).code, 0)
  })

  it('refuses a wrong or missing key, and leaves the old database in use', async () => {
    const { place } = await placeWithBackup()
    const keyFile = pathIn(place, 'kept.db.key')
    const key = readFileSync(keyFile)
    writeFileSync(keyFile, otherKey)
    await failsWith(place, 'restore kept.db', /another master key/)
    writeFileSync(keyFile, 'short')
    await failsWith(place, 'restore kept.db', /kept\.db\.key does not hold a key/)
    const wrong = { PROPUSK_MASTER_KEY: Buffer.alloc(32, 1).toString('base64') }
    await failsWith(place, 'restore kept.db', /another master key/, wrong)
    rmSync(keyFile)
    const empty = workplace()
    const fromElsewhere = await empty.run(`restore ${pathIn(place, 'kept.db')}`)
    assert.equal(fromElsewhere.code, 1)
    assert.match(fromElsewhere.err, /kept\.db\.key is missing/)
    assert.deepEqual(dataOf(empty), [])

    const server = await place.start()
    await login(server.url, 'ann@example.org')
    assert.equal((await server.stop()).code, 0)
    // Kept apart, the key may be set, or be in its place already.
    const set = { PROPUSK_MASTER_KEY: Buffer.from(key.toString().trim(), 'base64url').toString('base64') }
    assert.equal((await place.run('restore kept.db', '', set)).code, 0)
    assert.equal((await place.run('restore kept.db')).code, 0)
    assert.equal((await place.run('doctor')).code, 0)
  })

  it('refuses what is no backup, and leaves the old database in use', async () => {
    const { place } = await placeWithBackup()
    copyFileSync(pathIn(place, 'kept.db'), pathIn(place, 'cut.db'))
    truncateSync(pathIn(place, 'cut.db'), 40_960)
    writeFileSync(pathIn(place, 'text.db'), 'no database at all, but a text of some length')
    new DatabaseSync(pathIn(place, 'strange.db')).exec('create table strange (id integer primary key)')
    await failsWith(place, 'restore cut.db', /cut\.db .*damaged/)
    await failsWith(place, 'restore text.db', /text\.db is no SQLite database/)
    await failsWith(place, 'restore strange.db', /no Propusk database/)
    await failsWith(place, 'restore nothing.db', /no file .*nothing\.db/)
    await failsWith(place, 'restore data/propusk.db', /is the database itself/)
    assert.equal((await place.run('doctor')).code, 0)
  })

  it('replaces a database that cannot be read any more, and keeps it with its log', async () => {
    const { place } = await placeWithBackup()
    const ruin = 'no database at all, but a text of some length'
    writeFileSync(databaseFileOf(place), ruin)
    writeFileSync(`${databaseFileOf(place)}-wal`, 'an old log')
    const { code, err } = await place.run('restore kept.db')
    assert.equal(code, 0)
    assert.match(err, /could not be read/)
    const [kept] = dataOf(place).filter(name => /before-restore-.*Z$/.test(name))
    assert.equal(readFileSync(join(place.directory, 'data', kept!), 'utf8'), ruin)
    const server = await place.start()
    await login(server.url, 'ann@example.org')
    assert.equal((await server.stop()).code, 0)
  })

  it('leaves a whole database behind when it is killed on the way', async () => {
    const { place } = await placeWithBackup()
    const inPlace = databaseFileOf(place)
    const moments = [
      /\.draft-\w+$/,
      /\.draft-\w+\.key$/,
      /\.before-restore-.*\.key$/,
      /\.before-restore-.*Z$/,
    ]
    for (const moment of moments) {
      await killWhenThereIs(place, moment)
      assert.ok(existsSync(inPlace))
      assert.equal((await place.run('doctor')).code, 0, `killed at ${moment}`)
    }
    const server = await place.start()
    await login(server.url, 'ann@example.org')
    assert.equal((await server.stop()).code, 0)
  })
})

describe('backup and restore', () => {
  it('refuse PostgreSQL and name its own tools, without a connection and without the password', async () => {
    const settings = {
      PROPUSK_DATABASE_URL: 'postgres://somebody:hush-hush@127.0.0.1:1/propusk',
      PROPUSK_MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
    }
    const place = workplace(settings)
    for (const command of ['backup', 'restore']) {
      const { code, out, err } = await place.run(`${command} kept.db`)
      assert.deepEqual([code, out], [1, ''])
      assert.match(err, /pg_dump/)
      assert.doesNotMatch(err, /hush/)
    }
    assert.deepEqual(readdirSync(place.directory), [])
  })

  it('refuse a line without a file with 2', async () => {
    const place = workplace()
    for (const command of ['backup', 'restore', 'backup a b']) {
      assert.equal((await place.run(command)).code, 2, command)
    }
  })
})

async function enough(look: () => boolean): Promise<void> {
  while (!look()) await setImmediate()
}

/** Kills a restore as soon as a new file of this name lies in the data directory, or when it is over. */
async function killWhenThereIs(place: Workplace, name: RegExp): Promise<void> {
  const old = new Set(dataOf(place))
  const main = fileURLToPath(new URL('../../server/src/main.js', import.meta.url))
  const options = { cwd: place.directory, stdio: 'ignore' } as const
  const child = spawn(process.execPath, [main, 'restore', 'kept.db'], options)
  const exit = once(child, 'exit')
  await enough(() => child.exitCode !== null || dataOf(place).some(file => !old.has(file) && name.test(file)))
  child.kill('SIGKILL')
  await exit
}
