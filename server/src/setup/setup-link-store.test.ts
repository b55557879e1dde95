import assert from 'node:assert/strict'
import { it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { eachEngine } from '../../../test/support/engines.ts'
import { initialFields, sqlUserStore } from '../identity/index.ts'
import type { Database, Handle } from '../store/index.ts'
import { type SetupLink, setupLinkStore } from './setup-link-store.sql.ts'

const nowMs = 1_700_000_000_000
const hourMs = 3_600_000

const link = (letter: string, changes: Partial<SetupLink> = {}): SetupLink => ({
  tokenHash: letter.repeat(64),
  printedBy: 'one:8000',
  expiresAtMs: nowMs + hourMs,
  ...changes,
})
const [a, b, c] = [link('a'), link('b', { printedBy: 'two:8000' }), link('c')]

type Store = ReturnType<typeof setupLinkStore>

const within = <T>(database: Database, work: (store: Store) => Promise<T>) =>
  database.transaction(trx => work(setupLinkStore(trx)))
const print = (database: Database, printed: SetupLink, atMs = nowMs) =>
  within(database, store => store.print(printed, atMs))
const consume = (database: Database, { tokenHash }: SetupLink, atMs = nowMs) =>
  within(database, store => store.consume(tokenHash, atMs))
const isUsable = ({ read }: Database, { tokenHash }: SetupLink, atMs = nowMs) =>
  setupLinkStore(read).isUsable(tokenHash, atMs)
const count = async ({ read }: Database) =>
  (await read.selectFrom('setup_links').select('token_hash').execute()).length

const addSuperuser = (trx: Handle, isActive = true) =>
  sqlUserStore(trx).add(
    {
      email: 'root@example.com',
      passwordHash: 'none',
      ...initialFields,
      isActive,
      isStaff: true,
      isSuperuser: true,
    },
    nowMs,
  )

eachEngine('setup links', open => {
  it('work once, and the use of one uses up all', async () => {
    const database = await open()
    assert.equal(await print(database, a), true)
    assert.equal(await print(database, b), true)
    assert.deepEqual([await isUsable(database, a), await isUsable(database, b)], [true, true])
    assert.equal(await consume(database, a), true)
    assert.deepEqual([await isUsable(database, a), await isUsable(database, b)], [false, false])
    assert.deepEqual([await consume(database, a), await consume(database, b)], [false, false])
    assert.equal(await count(database), 0)
  })

  it('stay as they were when the transaction that used one is rolled back', async () => {
    const database = await open()
    await print(database, a)
    await print(database, b)
    const failing = within(database, async store => {
      assert.equal(await store.consume(a.tokenHash, nowMs), true)
      throw new Error('the address is taken')
    })
    await assert.rejects(failing, /taken/)
    assert.deepEqual([await isUsable(database, a), await isUsable(database, b)], [true, true])
  })

  it('work until the instant at which they expire', async () => {
    const database = await open()
    await print(database, a)
    assert.equal(await isUsable(database, a, nowMs + hourMs - 1), true)
    assert.equal(await isUsable(database, a, nowMs + hourMs), false)
    assert.equal(await consume(database, a, nowMs + hourMs), false)
    assert.equal(await consume(database, a, nowMs + hourMs - 1), true)
  })

  it('are replaced by the next one of the same server, and no other link is but an expired one', async () => {
    const database = await open()
    await print(database, a)
    await print(database, b)
    await print(database, c)
    assert.deepEqual(await Promise.all([a, b, c].map(each => isUsable(database, each))), [false, true, true])
    const later = nowMs + hourMs
    await print(database, link('d', { printedBy: 'three:8000', expiresAtMs: later + hourMs }), later)
    assert.equal(await count(database), 1)
  })

  it('are neither printed nor taken once there is a superuser, a deactivated one included', async () => {
    for (const isActive of [true, false]) {
      const database = await open()
      await print(database, a)
      await database.transaction(trx => addSuperuser(trx, isActive))
      assert.equal(await setupLinkStore(database.read).hasSuperuser(), true)
      assert.equal(await isUsable(database, a), false)
      assert.equal(await consume(database, a), false)
      assert.equal(await print(database, b), false)
      assert.equal(await isUsable(database, b), false)
    }
  })

  it('are consumed by one of sixteen who hold two of them', async () => {
    const database = await open()
    for (let round = 0; round < 5; round++) {
      await print(database, a)
      await print(database, b)
      const won = await Promise.all(
        Array.from({ length: 16 }, (_, index) => consume(database, index % 2 === 0 ? a : b)),
      )
      assert.equal(won.filter(Boolean).length, 1, `round ${round}`)
    }
  })

  it('are not printed beside a first superuser who is not committed yet', async () => {
    const database = await open()
    await print(database, a)
    const consumed = Promise.withResolvers<void>()
    const goOn = Promise.withResolvers<void>()
    const making = database.transaction(async trx => {
      assert.equal(await setupLinkStore(trx).consume(a.tokenHash, nowMs), true)
      consumed.resolve()
      await goOn.promise
      await addSuperuser(trx)
    })
    await consumed.promise
    const printing = print(database, b)
    // Time enough for a print that waits for nothing.
    await Promise.race([printing, sleep(300)])
    goOn.resolve()
    await making
    assert.equal(await printing, false)
    assert.equal(await count(database), 0)
  })

  it('can be taken back by the server that printed them', async () => {
    const database = await open()
    await print(database, a)
    await print(database, b)
    await within(database, store => store.remove(a.tokenHash))
    assert.deepEqual([await isUsable(database, a), await isUsable(database, b)], [false, true])
  })
})
