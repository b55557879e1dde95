import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { chownSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import pg from 'pg'
import { call, register } from '../../commands/support/api.ts'
import { type Propusk, workplace } from '../../commands/support/propusk.ts'
import { freshDatabaseUrl } from '../../support/engines.ts'
import { unprivilegedAccount } from '../../support/postgres-cluster.ts'
import { isDisposable, postgresUrl } from '../../support/postgres-url.ts'
import { type SmallDisk, smallDisk, smallDiskFault } from '../../support/small-disk.ts'
import {
  logExplains,
  readsAndChecks,
  refusesEveryWrite,
  registerUntilRefused,
} from '../support/write-calls.ts'

const masterKey = randomBytes(32).toString('base64')

async function query(url: string, ...statements: string[]): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    let rows: Record<string, unknown>[] = []
    for (const statement of statements) rows = (await client.query(statement)).rows
    return rows
  } finally {
    await client.end()
  }
}

/** `url` with one more setting of its sessions. */
function withSetting(url: string, setting: string): string {
  const changed = new URL(url)
  changed.searchParams.set('options', `${changed.searchParams.get('options') ?? ''} -c ${setting}`.trim())
  return changed.href
}

const start = (databaseUrl: string): Promise<Propusk> =>
  workplace({ PROPUSK_DATABASE_URL: databaseUrl, PROPUSK_MASTER_KEY: masterKey }).start()

/** The first answers may still come over connections of before. */
async function registerAgain(url: string, email: string): Promise<void> {
  const poolSize = 10
  const body = { email, password: 'correct horse battery staple', password2: 'correct horse battery staple' }
  for (let tries = 0; tries <= poolSize; tries++) {
    const { status } = await call(url, 'POST', '/register/', { body })
    if (status === 201) return
    assert.equal(status, 503)
  }
  assert.fail('writes did not come back by themselves')
}

const noSmallDisk = isDisposable()
  ? (smallDiskFault() ?? false)
  : 'needs a PostgreSQL on this machine that the tests started themselves'

describe('PostgreSQL on a disk without space', { skip: noSmallDisk }, () => {
  const tablespace = `tiny_${randomBytes(4).toString('hex')}`
  let directory: string
  let disk: SmallDisk
  let url: string
  before(async () => {
    directory = mkdtempSync(join(tmpdir(), 'propusk-disk-'))
    const owner = unprivilegedAccount()
    if (owner.uid !== undefined) chownSync(directory, owner.uid, owner.gid!)
    disk = await smallDisk(directory, { megabytes: 8, owner })
    await query(await postgresUrl(), `create tablespace ${tablespace} location '${disk.outside}'`)
    url = withSetting(await freshDatabaseUrl('postgres'), `default_tablespace=${tablespace}`)
  })
  after(async () => {
    // Everything in it first: a server that is to write into a place that has gone does not come to rest.
    await query(
      url,
      `do $$ begin execute format('drop schema %I cascade', current_schema()); end $$`,
      `drop tablespace ${tablespace}`,
    )
    await disk.close()
    rmSync(directory, { recursive: true })
  })

  it('loses nothing that was acknowledged, stores nothing that was refused, reads on, and recovers by itself', async () => {
    const server = await start(url)
    const ada = await register(server.url, 'ada@example.com')

    disk.fill()
    const inTheLastPages = await registerUntilRefused(server.url, 'late')
    await readsAndChecks(server.url, ada)
    logExplains(server.out(), /The disk of PostgreSQL is full\. Free some space/)

    disk.free()
    await register(server.url, 'bob@example.com')
    assert.equal((await server.stop()).code, 0)
    const rows = await query(url, 'select email from users order by email collate "C"')
    assert.deepEqual(
      rows.map(row => row.email),
      ['ada@example.com', 'bob@example.com', ...inTheLastPages].sort(),
    )
  })
})

describe('PostgreSQL that only reads, as a standby does', () => {
  // A role of its own: its default holds for new sessions only, so that old connections stay read-only for ever.
  const role = `reader_${randomBytes(4).toString('hex')}`
  after(async () => query(await postgresUrl(), `drop owned by ${role} cascade`, `drop role ${role}`))

  it('a database that became read-only: writes get 503, reads go on, and the server recovers by itself', async () => {
    const url = await freshDatabaseUrl('postgres')
    const secret = randomBytes(8).toString('hex')
    await query(
      url,
      `create role ${role} login password '${secret}'`,
      `do $$ begin execute format('grant all on schema %I to ${role}', current_schema()); end $$`,
    )
    const ownUrl = new URL(url)
    ownUrl.username = role
    ownUrl.password = secret
    const server = await start(ownUrl.href)
    const ada = await register(server.url, 'ada@example.com')

    const endConnections = `select pg_terminate_backend(pid) from pg_stat_activity where usename = '${role}'`
    await query(url, `alter role ${role} set default_transaction_read_only = on`, endConnections)
    await refusesEveryWrite(server.url, ada)
    await readsAndChecks(server.url, ada)
    logExplains(server.out(), /PostgreSQL only reads: it is a standby/)

    await query(url, `alter role ${role} set default_transaction_read_only = off`)
    await registerAgain(server.url, 'bob@example.com')
    await readsAndChecks(server.url, ada)
    assert.equal((await server.stop()).code, 0)
  })
})
