import assert from 'node:assert/strict'
import { it } from 'node:test'
import { eachEngine } from '../../../test/support/engines.ts'
import { peopleOn } from '../../../test/support/people.ts'
import { firstPage, type MailId, type UserId } from '../kernel/index.ts'
import type { Database } from '../store/index.ts'
import { addNotice, type NewMail, sqlOutboxStore } from './index.ts'

const at = 1_800_000_000_000

const mail: NewMail = {
  kind: 'password_reset',
  locale: 'ru',
  toEmail: 'anna@example.com',
  userId: null,
  proofId: 7,
  details: { note: 'text', at },
}

const outboxOf = (database: Database, isOn = true, onAdd = () => {}) => ({
  read: sqlOutboxStore(database.read, { isOn, onAdd }),
  write: <T>(work: (outbox: ReturnType<typeof sqlOutboxStore>) => Promise<T>) =>
    database.transaction(trx => work(sqlOutboxStore(trx, { isOn, onAdd }))),
})

eachEngine('the mail outbox', open => {
  it('keeps a mail as it was added, and gives it when its time has come', async () => {
    const { read, write } = outboxOf(await open())
    const id = await write(outbox => outbox.add(mail, at))
    assert.deepEqual(await read.listDue(at - 1, 10), [])
    const expected = { ...mail, id, createdAtMs: at, attempts: 0, nextAttemptAtMs: at }
    const ended = { state: 'pending', finishedAtMs: null, lastError: null }
    assert.deepEqual(await read.listDue(at, 10), [{ ...expected, ...ended }])
  })

  it('adds nothing of a transaction that was rolled back', async () => {
    const { read, write } = outboxOf(await open())
    const failing = write(async outbox => {
      await outbox.add(mail, at)
      throw new RangeError('rolled back')
    })
    await assert.rejects(failing, RangeError)
    assert.deepEqual(await read.listDue(at, 10), [])
  })

  it('refuses a mail where mail is not configured', async () => {
    const { read, write } = outboxOf(await open(), false)
    assert.equal(read.isOn, false)
    await assert.rejects(
      write(outbox => outbox.add(mail, at)),
      /not configured/,
    )
  })

  it('gives an attempt to one of sixteen who claim it at once', async () => {
    const { write } = outboxOf(await open())
    const id = await write(outbox => outbox.add(mail, at))
    const times = { nowMs: at, untilMs: at + 1000 }
    const claims = await Promise.all(
      Array.from({ length: 16 }, () => write(outbox => outbox.claim({ id, attempts: 0 }, times))),
    )
    assert.deepEqual(
      claims.filter(claim => claim !== undefined),
      [{ id, attempts: 1 }],
    )
  })

  it('gives the next attempt when the claim of the last one is over, and the last one ends nothing any more', async () => {
    const { read, write } = outboxOf(await open())
    const id = await write(outbox => outbox.add(mail, at))
    const first = await write(outbox => outbox.claim({ id, attempts: 0 }, { nowMs: at, untilMs: at + 1000 }))
    const early = { nowMs: at + 999, untilMs: at + 2000 }
    assert.equal(await write(outbox => outbox.claim({ id, attempts: 1 }, early)), undefined)
    assert.deepEqual(await read.listDue(at + 999, 10), [])
    const late = { nowMs: at + 1000, untilMs: at + 2000 }
    const second = await write(outbox => outbox.claim({ id, attempts: 1 }, late))
    assert.deepEqual(second, { id, attempts: 2 })
    assert.equal(await write(outbox => outbox.failed(first!, at + 1500, 'late')), false)
    assert.equal(await write(outbox => outbox.sent(second, at + 1500)), true)
    assert.deepEqual(await read.count(), { pending: 0, failed: 0 })
  })

  it('waits with a mail that is to be tried again, and says why', async () => {
    const { read, write } = outboxOf(await open())
    const id = await write(outbox => outbox.add(mail, at))
    const attempt = await write(outbox =>
      outbox.claim({ id, attempts: 0 }, { nowMs: at, untilMs: at + 9000 }),
    )
    await write(outbox => outbox.tryAgainAt(attempt!, at + 30_000, '451'))
    assert.deepEqual(await read.listDue(at + 29_999, 10), [])
    const [due] = await read.listDue(at + 30_000, 10)
    assert.deepEqual([due?.attempts, due?.lastError], [1, '451'])
  })

  it('gives a mail that failed one more attempt, and no other mail', async () => {
    const added: string[] = []
    const { read, write } = outboxOf(await open(), true, () => added.push('added'))
    const id = await write(outbox => outbox.add(mail, at))
    assert.equal(await write(outbox => outbox.retry(id, at)), false)
    const attempt = await write(outbox => outbox.claim({ id, attempts: 0 }, { nowMs: at, untilMs: at + 1 }))
    await write(outbox => outbox.failed(attempt!, at, '550'))
    assert.deepEqual(await read.count(), { pending: 0, failed: 1 })
    assert.equal(await write(outbox => outbox.retry(id, at + 5)), true)
    assert.equal(await write(outbox => outbox.retry(9999 as MailId, at)), false)
    const [due] = await read.listDue(at + 5, 10)
    assert.deepEqual([due?.id, due?.attempts, due?.finishedAtMs], [id, 1, null])
    assert.equal(added.length, 2)
  })

  it('lists by state, and deletes what was finished long ago', async () => {
    const { read, write } = outboxOf(await open())
    const ids: MailId[] = []
    for (let n = 0; n < 3; n++) ids.push(await write(outbox => outbox.add(mail, at)))
    for (const [n, id] of ids.slice(0, 2).entries()) {
      const attempt = await write(outbox => outbox.claim({ id, attempts: 0 }, { nowMs: at, untilMs: at + 1 }))
      await write(outbox => outbox.failed(attempt!, at + n, '550'))
    }
    const page = { ...firstPage(10), ordering: { column: 'id', descending: true } } as const
    const failed = await read.list({ state: 'failed' }, page)
    assert.deepEqual(
      failed.rows.map(row => row.id),
      [ids[1], ids[0]],
    )
    assert.equal(await write(outbox => outbox.deleteFinished(['failed'], at + 1)), 1)
    assert.equal((await read.list({}, page)).rows.length, 2)
    assert.equal((await read.findById(ids[2]!))?.state, 'pending')
  })
})

eachEngine('a security notice', open => {
  it('goes to the account, with words of ours for the device and without a text of the caller', async () => {
    const { stores, transaction, addUser } = peopleOn(await open())
    const user = await addUser({ email: 'anna@example.com', emailVerified: true })
    const origin = { ipAddress: '203.0.113.24', userAgent: 'Firefox/141.0 on Windows, call +1 555 0100' }
    const notice = { userId: user.id, event: 'password_changed', origin, locale: 'ru' } as const
    await transaction(trx => addNotice(trx, notice, at))
    const unproved = await addUser({ email: 'ben@example.com' })
    await transaction(trx => addNotice(trx, { ...notice, userId: unproved.id }, at))
    await transaction(trx => addNotice(trx, { ...notice, userId: 9999 as UserId }, at))
    const { rows } = await stores.outbox.list({}, firstPage(10))
    assert.equal(rows.length, 1)
    assert.deepEqual(
      [rows[0]!.kind, rows[0]!.toEmail, rows[0]!.locale, rows[0]!.userId],
      ['security_notice', 'anna@example.com', 'ru', user.id],
    )
    const details = { event: 'password_changed', device: 'Firefox, Windows', network: '203.0.113.24', at }
    assert.deepEqual(rows[0]!.details, details)
  })
})
