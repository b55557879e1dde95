import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, afterEach, beforeEach, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { eventually } from '../../../../test/support/eventually.ts'
import { newUser } from '../../../../test/support/rows.ts'
import { type Database, type OpenOptions, openDatabase } from '../index.ts'

/** However slow the machine, what arrives together is one batch. */
const unhurried: OpenOptions = { timeouts: { gatherMs: 60_000 } }

describe('a SQLite database', () => {
  const home = mkdtempSync(join(tmpdir(), 'propusk-test-'))
  let path: string
  let opened: Database[]
  let files = 0

  const open = async (options?: OpenOptions) => {
    const db = await openDatabase(`sqlite:${path}`, options)
    opened.push(db)
    await db.migrate()
    return db
  }
  const addUser = (db: Database, email: string) =>
    db.transaction(trx => trx.insertInto('users').values(newUser(email)).execute())
  const countUsers = async (db: Database) =>
    (
      await db.read
        .selectFrom('users')
        .select(query => query.fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow()
    ).count

  beforeEach(() => {
    path = join(home, 'made', 'on-the-way', `${++files}.db`)
    opened = []
  })
  afterEach(async () => {
    for (const db of opened) await db.close()
  })
  after(() => rmSync(home, { recursive: true, force: true }))

  it('makes its directory, and its file readable by the owner only', async () => {
    await open()
    assert.equal(statSync(path).mode & 0o777, 0o600)
    assert.equal(statSync(dirname(path)).mode & 0o777, 0o700)
    assert.equal(statSync(`${path}-wal`).mode & 0o777, 0o600)
  })

  it('leaves one file behind when it is closed, with everything in it', async () => {
    const db = await open()
    await addUser(db, 'a@example.com')
    await db.close()
    assert.equal(existsSync(`${path}-wal`), false)
    assert.equal(await countUsers(await open()), 1)
  })

  it('enforces foreign keys', async () => {
    const db = await open()
    const attempt = db.transaction(trx =>
      trx.insertInto('user_roles').values({ user_id: 404, role_id: 404 }).execute(),
    )
    await assert.rejects(attempt, /FOREIGN KEY/)
  })

  it('waits for the lock of another process without blocking the event loop, then goes on', async () => {
    const db = await open()
    const holder = await holdLock(path)
    let ticks = 0
    const ticking = setInterval(() => ticks++, 5)
    const writing = addUser(db, 'patient@example.com')
    await sleep(150)
    assert.ok(await eventually(() => ticks >= 5), `the event loop turned only ${ticks} times`)
    assert.equal(await countUsers(db), 0)
    clearInterval(ticking)
    await holder.release()
    await writing
    assert.equal(await countUsers(db), 1)
  })

  it('answers unavailable when another process never lets go of the lock', async () => {
    const db = await open({ timeouts: { lockWaitMs: 60 } })
    const holder = await holdLock(path)
    await assert.rejects(addUser(db, 'impatient@example.com'), { code: 'unavailable' })
    await holder.release()
    await addUser(db, 'later@example.com')
    assert.equal(await countUsers(db), 1)
  })

  it('shares one commit between writes that arrive together', async () => {
    const db = await open(unhurried)
    const commits = () => commitsIn(readFileSync(`${path}-wal`))
    const before = commits()
    await Promise.all(Array.from({ length: 50 }, (_, index) => addUser(db, `u${index}@example.com`)))
    assert.equal(await countUsers(db), 50)
    assert.equal(commits() - before, 1)
    await addUser(db, 'alone@example.com')
    assert.equal(commits() - before, 2)
  })

  it('rejects a whole batch that worked when its commit did not', async () => {
    const db = await open(unhurried)
    // Deferred, so that the statement passes and the commit is what fails.
    const spoil = db.transaction(async trx => {
      await sql`pragma defer_foreign_keys = on`.execute(trx)
      await trx.insertInto('user_roles').values({ user_id: 404, role_id: 404 }).execute()
    })
    const results = await Promise.allSettled([addUser(db, 'neighbour@example.com'), spoil])
    assert.deepEqual(
      results.map(result => result.status === 'rejected' && result.reason.code),
      ['unavailable', 'unavailable'],
    )
    assert.equal(await countUsers(db), 0)
    await addUser(db, 'next@example.com')
  })

  it('answers unavailable when the disk is full, and goes on once it is not', async () => {
    const db = await open()
    const limit = (pages: number) =>
      db.transaction(trx => sql`pragma max_page_count = ${sql.raw(String(pages))}`.execute(trx))
    await limit(1)
    const big = 'x'.repeat(100_000)
    const fill = db.transaction(trx =>
      trx
        .insertInto('users')
        .values({ ...newUser('big@example.com'), search_text: big })
        .execute(),
    )
    await assert.rejects(fill, { code: 'unavailable' })
    await limit(1_000_000)
    await addUser(db, 'small@example.com')
    assert.equal(await countUsers(db), 1)
  })

  it('answers unavailable to a write when the file is read-only', async () => {
    const db = await open()
    await addUser(db, 'there@example.com')
    await db.close()
    chmodSync(path, 0o444)
    chmodSync(home, 0o755)
    const attempt = async () => {
      const readOnly = await openDatabase(`sqlite:${path}`)
      opened.push(readOnly)
      await addUser(readOnly, 'not-there@example.com')
    }
    await withoutPrivileges(() => assert.rejects(attempt, { code: 'unavailable' }))
  })

  it('answers unavailable when the path is no place for a file, or the file no database', async () => {
    await assert.rejects(openDatabase(`sqlite:${home}`), { code: 'unavailable' })
    await assert.rejects(openDatabase(`sqlite:${import.meta.filename}`), { code: 'unavailable' })
  })

  it('does not fail to close when its files have been removed meanwhile', async () => {
    const db = await open()
    await addUser(db, 'a@example.com')
    rmSync(dirname(path), { recursive: true })
    await db.close()
  })

  it('keeps the write-ahead log small while many small writes follow each other', async () => {
    const db = await open()
    const text = 'x'.repeat(4_000)
    for (let index = 0; index < 60; index++) {
      await db.transaction(async trx => {
        for (let row = 0; row < 25; row++) {
          await trx
            .insertInto('users')
            .values({ ...newUser(`u${index}-${row}@example.com`), search_text: text })
            .execute()
        }
      })
    }
    const checkpoint = new DatabaseSync(path)
    const waitingPages = () => {
      const state = checkpoint.prepare('pragma wal_checkpoint(noop)').get() as Record<string, number>
      return state.log! - state.checkpointed!
    }
    assert.ok(await eventually(() => waitingPages() <= 1_000), `${waitingPages()} pages wait`)
    checkpoint.close()
  })

  it('moves it in small steps under a load that never pauses', async () => {
    const db = await open()
    const checkpoint = new DatabaseSync(path)
    const pending: number[] = []
    const text = 'x'.repeat(4_000)
    for (let batch = 0; batch < 100; batch++) {
      await db.transaction(trx =>
        trx
          .insertInto('users')
          .values(
            Array.from({ length: 50 }, (_, row) => ({
              ...newUser(`l${batch}-${row}@example.com`),
              search_text: text,
            })),
          )
          .execute(),
      )
      const state = checkpoint.prepare('pragma wal_checkpoint(noop)').get() as Record<string, number>
      pending.push(state.log! - state.checkpointed!)
    }
    checkpoint.close()
    const [most, last] = [Math.max(...pending), pending.at(-1)!]
    assert.ok(most > 1_000 && most < 6_000, `${most} pages waited at the most, ${last} in the end`)
  })

  it('shows each commit to the next read, of this process and of another, however long something is pinned', async () => {
    const db = await open()
    const other = new DatabaseSync(path)
    for (let round = 0; round < 4; round++) {
      // The second half of the rounds reads while what is pinned is older than the commit.
      if (round < 2) await sleep(60)
      const before = await countUsers(db)
      await addUser(db, `own-${round}@example.com`)
      assert.equal(await countUsers(db), before + 1)
      other.exec(`update users set first_name = 'R${round}' where email = 'own-${round}@example.com'`)
      const { first_name } = await db.read
        .selectFrom('users')
        .select('first_name')
        .where('email', '=', `own-${round}@example.com`)
        .executeTakeFirstOrThrow()
      assert.equal(first_name, `R${round}`)
    }
    other.close()
  })

  it('begins its write-ahead log anew, so that the file of it does not grow without end', async () => {
    const db = await open()
    const text = 'x'.repeat(4_000)
    const sizes: number[] = []
    for (let flood = 0; flood < 3; flood++) {
      await db.transaction(async trx => {
        for (let row = 0; row < 1_200; row++) {
          await trx
            .insertInto('users')
            .values({ ...newUser(`f${flood}-${row}@example.com`), search_text: text })
            .execute()
        }
      })
      // Long enough for a checkpoint, and for something to be pinned again.
      await sleep(250)
      sizes.push(statSync(`${path}-wal`).size)
    }
    assert.ok(sizes[2]! < sizes[0]! * 1.5, sizes.join())
  })

  it('removes the temporary file of :memory: when it is closed', async () => {
    const db = await openDatabase('sqlite::memory:')
    await db.migrate()
    const { rows } = await sql<{ file: string }>`select file from pragma_database_list`.execute(db.read)
    const file = rows[0]!.file
    assert.equal(existsSync(file), true)
    await db.close()
    assert.equal(existsSync(dirname(file)), false)
  })
})

/** Another process takes the write lock and keeps it until `release`. */
async function holdLock(path: string): Promise<{ release(): Promise<void> }> {
  const script = `
    const { DatabaseSync } = require('node:sqlite')
    const db = new DatabaseSync(${JSON.stringify(path)}, { timeout: 2000 })
    db.exec('begin immediate')
    console.log('held')
    process.stdin.on('end', () => db.close()).resume()`
  const child = spawn(process.execPath, ['-e', script], { stdio: ['pipe', 'pipe', 'inherit'] })
  const ended = new Promise<void>(resolve => child.once('exit', () => resolve()))
  await new Promise(resolve => child.stdout.once('data', resolve))
  return {
    async release() {
      child.stdin.end()
      await ended
    },
  }
}

/** The frame that ends a commit is the one whose header holds the size of the database: https://www.sqlite.org/fileformat2.html#walformat */
function commitsIn(wal: Buffer): number {
  const frameBytes = 24 + wal.readUInt32BE(8)
  let commits = 0
  for (let frame = 32; frame < wal.length; frame += frameBytes) {
    if (wal.readUInt32BE(frame + 4) !== 0) commits += 1
  }
  return commits
}

/** Root may write everywhere; as somebody else the mode of a file counts. */
async function withoutPrivileges(work: () => Promise<void>): Promise<void> {
  if (process.geteuid?.() !== 0) return work()
  process.seteuid!(65_534)
  try {
    await work()
  } finally {
    process.seteuid!(0)
  }
}
