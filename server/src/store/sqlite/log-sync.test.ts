import assert from 'node:assert/strict'
import { fdatasyncSync, fstatSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { newUser } from '../../../../test/support/rows.ts'
import { systemClock } from '../../kernel/index.ts'
import { type Database, defaultTimeouts, type StoreNotice, type StoreTimeouts } from '../database.ts'
import { openSqlite } from './open-sqlite.ts'

/** A disk that takes in nothing until it is let, or fails. */
class HeldDisk {
  readonly files: number[] = []
  readonly #waiting: (() => void)[] = []
  #fault: Error | undefined
  isHolding = false

  readonly sync = async (file: number): Promise<void> => {
    this.files.push(file)
    if (this.isHolding) await new Promise<void>(resolve => this.#waiting.push(resolve))
    if (this.#fault) throw this.#fault
    fdatasyncSync(file)
  }

  async asked(times: number): Promise<void> {
    while (this.files.length < times) await sleep(1)
  }

  letGo(): void {
    this.isHolding = false
    for (const resolve of this.#waiting.splice(0)) resolve()
  }

  fail(fault: Error | undefined): void {
    this.#fault = fault
    this.letGo()
  }
}

const broken = Object.assign(new Error('EIO: i/o error, fdatasync'), { code: 'EIO' })

/** Long enough for whatever is not held up to come through: what is asserted after it must not have happened. */
const aWhile = () => sleep(40)

describe('what SQLite commits, and the disk', () => {
  const home = mkdtempSync(join(tmpdir(), 'propusk-test-'))
  let opened: Database[] = []
  let files = 0

  async function open(timeouts: Partial<StoreTimeouts> = {}) {
    const disk = new HeldDisk()
    const notices: StoreNotice[] = []
    const path = join(home, `${++files}.db`)
    const settings = {
      timeouts: { ...defaultTimeouts, ...timeouts },
      log: (notice: StoreNotice) => notices.push(notice),
      clock: systemClock,
    }
    const db = await openSqlite(path, settings, disk.sync)
    opened.push(db)
    await db.migrate()
    disk.files.length = 0
    return { db, disk, path, notices }
  }
  const addUser = (db: Database, email: string) =>
    db.transaction(trx => trx.insertInto('users').values(newUser(email)).execute())
  const listUsers = async (db: Database) =>
    (await db.read.selectFrom('users').select('email').orderBy('id').execute()).map(({ email }) => email)

  const isThere = (db: Database) =>
    db.ping().then(
      () => true,
      () => false,
    )

  /** The promise, and whether it has settled yet. */
  function watch<T>(promise: Promise<T>) {
    const watched = { promise, isSettled: false }
    const settle = () => {
      watched.isSettled = true
    }
    promise.then(settle, settle)
    return watched
  }

  afterEach(async () => {
    for (const db of opened) await db.close()
    opened = []
  })
  after(() => rmSync(home, { recursive: true, force: true }))

  it('are in step: a writer gets its result once the log is on the disk, and not before', async () => {
    const { db, disk, path } = await open()
    disk.isHolding = true
    const writing = watch(addUser(db, 'a@example.com'))
    await disk.asked(1)
    await aWhile()
    assert.equal(fstatSync(disk.files[0]!).ino, statSync(`${path}-wal`).ino, 'it is the log that is synced')
    assert.equal(writing.isSettled, false)
    disk.letGo()
    await writing.promise
  })

  it('hold back a rejection as well, which may rest on what a neighbour wrote', async () => {
    const { db, disk } = await open()
    disk.isHolding = true
    const writing = watch(addUser(db, 'a@example.com'))
    const refused = watch(
      db.transaction(async trx => {
        const rows = await trx.selectFrom('users').select('id').execute()
        throw new Error(`taken by ${rows.length}`)
      }),
    )
    await aWhile()
    assert.deepEqual([writing.isSettled, refused.isSettled], [false, false])
    disk.letGo()
    await assert.rejects(refused.promise, /taken by 1/)
    await writing.promise
  })

  it('hold back a reader who could know of a commit only from rows that the disk does not have yet', async () => {
    const { db, disk } = await open()
    await addUser(db, 'before@example.com')
    disk.isHolding = true
    const before = watch(listUsers(db))
    assert.deepEqual(await before.promise, ['before@example.com'], 'nothing is under way: no wait')
    const asked = disk.files.length
    const writing = addUser(db, 'a@example.com')
    await disk.asked(asked + 1)
    const reading = watch(listUsers(db))
    const viaBuilder = watch(db.ping())
    await aWhile()
    assert.deepEqual([reading.isSettled, viaBuilder.isSettled], [false, false])
    disk.letGo()
    assert.deepEqual(await reading.promise, ['before@example.com', 'a@example.com'])
    await Promise.all([writing, viaBuilder.promise])
  })

  it('leave the event loop free, and gather the next batch meanwhile', async () => {
    const { db, disk } = await open({ gatherMs: 60_000 })
    disk.isHolding = true
    const first = addUser(db, 'first@example.com')
    await disk.asked(1)
    const others = Array.from({ length: 20 }, (_, index) => addUser(db, `u${index}@example.com`))
    await aWhile()
    assert.equal(disk.files.length, 1, 'one batch at a time is on its way to the disk')
    disk.letGo()
    await Promise.all([first, ...others])
    assert.equal(disk.files.length, 2)
  })

  it('after a failed sync all waiting and all later commits are refused', async () => {
    const { db, disk, notices } = await open()
    await addUser(db, 'before@example.com')
    disk.isHolding = true
    const writing = watch(addUser(db, 'lost@example.com'))
    await disk.asked(2)
    const waiting = watch(addUser(db, 'behind@example.com'))
    const reading = watch(listUsers(db))
    await aWhile()
    disk.fail(broken)
    for (const { promise } of [writing, waiting, reading])
      await assert.rejects(promise, { code: 'unavailable' })

    // The system may call the next one a success, though it dropped what it could not write.
    disk.fail(undefined)
    await assert.rejects(addUser(db, 'after@example.com'), { code: 'unavailable' })
    await assert.rejects(listUsers(db), { code: 'unavailable' })
    await assert.rejects(db.ping(), { code: 'unavailable' })
    assert.equal(notices.length, 1)
    assert.match(notices[0]!.message, /started again/)
  })

  it('can be opened anew after the disk failed', async () => {
    const { db, disk, path } = await open()
    await addUser(db, 'kept@example.com')
    disk.fail(broken)
    await assert.rejects(addUser(db, 'perhaps@example.com'), { code: 'unavailable' })
    await db.close()
    const settings = { timeouts: defaultTimeouts, log: () => {}, clock: systemClock }
    const again = await openSqlite(path, settings)
    opened.push(again)
    assert.ok((await listUsers(again)).includes('kept@example.com'))
    await addUser(again, 'next@example.com')
  })

  it('a disk that does not answer makes commits unavailable until it answers', async () => {
    const { db, disk } = await open({ transactionMs: 60 })
    disk.isHolding = true
    await assert.rejects(addUser(db, 'slow@example.com'), { code: 'unavailable' })
    await assert.rejects(addUser(db, 'meanwhile@example.com'), { code: 'unavailable' })
    await assert.rejects(listUsers(db), { code: 'unavailable' })
    assert.equal(disk.files.length, 1, 'and is not asked a second time before that')
    disk.letGo()
    while (!(await isThere(db))) await sleep(1)
    await addUser(db, 'later@example.com')
    assert.deepEqual(await listUsers(db), ['slow@example.com', 'later@example.com'])
  })
})
