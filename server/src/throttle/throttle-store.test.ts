import assert from 'node:assert/strict'
import { before, it } from 'node:test'
import { eachEngine } from '../../../test/support/engines.ts'
import type { Database } from '../store/index.ts'
import { type AttemptLimit, type LimitKey, limitKinds } from './limits.ts'
import { type ThrottleStore, throttleStore } from './throttle-store.sql.ts'

const startMs = 1_800_000_000_000
const limit: AttemptLimit = { freeTries: 2, refillMs: 60_000, maxWaitMs: 10_000 }
const rate = { count: 3, refillMs: 20_000 }

eachEngine('counters of the throttle', (open, { engine }) => {
  let database: Database
  let names = 0
  before(async () => {
    database = await open()
  })
  const fresh = <const Kind extends LimitKey['kind']>(kind: Kind) => ({
    kind,
    subject: `subject-${++names}`,
  })
  const write = <T>(work: (store: ThrottleStore) => Promise<T>): Promise<T> =>
    database.transaction(trx => work(throttleStore(trx)))
  const take = (key: LimitKey<'account'>, afterMs: number, by: AttemptLimit = limit) =>
    write(store => store.takeAttempt(key, by, startMs + afterMs))
  const rowOf = ({ kind, subject }: LimitKey) =>
    database.read
      .selectFrom('throttle_counters')
      .selectAll()
      .where('kind', '=', kind)
      .where('subject', '=', subject)
      .executeTakeFirst()
  const count = async () =>
    (await database.read.selectFrom('throttle_counters').select('id').execute()).length
  const clear = () => write(store => store.trim(0, startMs))
  const page = { limit: 50, ordering: { column: 'id', descending: false }, cursor: undefined } as const

  it('refuse nothing until the free tries are used up, then double the wait up to the longest', async () => {
    const key = fresh('account')
    const results = []
    const waits = []
    let afterMs = 0
    for (let tries = 0; tries < 8; tries++) {
      const one = await take(key, afterMs)
      results.push(one)
      const waitMs = one.blockedUntilMs && one.blockedUntilMs - startMs - afterMs
      waits.push(waitMs && waitMs / 1000)
      afterMs += waitMs ?? 0
    }
    assert.ok(results.every(each => !each.isRefused))
    assert.deepEqual(waits, [null, null, 1, 2, 4, 8, 10, 10])
    assert.deepEqual(
      results.map(each => each.failures),
      [1, 2, 3, 4, 5, 6, 7, 8],
    )
  })

  it('let the next one through when the wait is over, to the millisecond', async () => {
    const key = fresh('account')
    for (let tries = 0; tries < 3; tries++) await take(key, 0)
    assert.equal((await take(key, 999)).isRefused, true)
    assert.equal((await take(key, 1_000)).isRefused, false)
    assert.equal((await take(key, 2_999)).isRefused, true)
    assert.equal((await take(key, 3_000)).isRefused, false)
  })

  it('count nothing during a wait, and change nothing of the row', async () => {
    const key = fresh('account')
    for (let tries = 0; tries < 3; tries++) await take(key, 0)
    const before = await rowOf(key)
    for (const afterMs of [0, 1, 500, 999]) {
      assert.deepEqual(await take(key, afterMs), {
        failures: 3,
        isRefused: true,
        blockedUntilMs: startMs + 1_000,
      })
    }
    assert.deepEqual({ ...(await rowOf(key)), is_refused: before?.is_refused }, before)
  })

  it('forget one failure in each whole step, and lose no part of a step to the attempts in between', async () => {
    const key = fresh('account')
    const lazy = { ...limit, freeTries: 100 }
    for (let tries = 0; tries < 5; tries++) await take(key, 0, lazy)
    assert.equal((await take(key, 59_999, lazy)).failures, 6)
    assert.equal((await take(key, 60_000, lazy)).failures, 6)
    assert.equal((await take(key, 119_000, lazy)).failures, 7)
    assert.equal((await take(key, 120_000, lazy)).failures, 7)
    assert.equal((await take(key, 3_600_000, lazy)).failures, 1)
  })

  it('never make a wait shorter, also when failures have been forgotten meanwhile', async () => {
    const key = fresh('account')
    const slow = { freeTries: 2, refillMs: 100, maxWaitMs: 600_000 }
    for (let tries = 0; tries < 2; tries++) await take(key, 0, slow)
    const { blockedUntilMs } = await take(key, 0, slow)
    const later = await take(key, 999, slow)
    assert.deepEqual(later, { failures: 3, isRefused: true, blockedUntilMs })
  })

  it('let no more of many attempts at the same time through than there are free tries, and one', async () => {
    const key = fresh('account')
    const results = await Promise.all(Array.from({ length: 60 }, () => take(key, 0)))
    assert.equal(results.filter(({ isRefused }) => !isRefused).length, 3)
    assert.equal((await rowOf(key))?.failures, 3)
  })

  it('stop counting far beyond the free tries, so that a row is forgotten some day', async () => {
    const key = fresh('account')
    await take(key, 0)
    await database.transaction(trx =>
      trx
        .updateTable('throttle_counters')
        .set({ failures: 1_001 })
        .where('subject', '=', key.subject)
        .execute(),
    )
    for (let tries = 0; tries < 3; tries++) {
      assert.equal((await take(key, tries * 10_000)).failures, 1_002)
    }
  })

  it('hold a wait that was written by a clock a little ahead, as of another node', async () => {
    const key = fresh('account')
    for (let tries = 0; tries < 3; tries++) await take(key, 2_000)
    assert.equal((await take(key, 0)).isRefused, true)
  })

  it('counters lock no account out after a clock was hours ahead for a moment', async () => {
    const key = fresh('account')
    for (let tries = 0; tries < 3; tries++) await take(key, 7_200_000)
    const now = await take(key, 0)
    assert.equal(now.isRefused, false)
    assert.equal(now.failures, 4)
    assert.equal((await take(key, 60_000)).failures, 4)
    const taken = fresh('registration')
    for (let tries = 0; tries < 3; tries++) {
      await write(store => store.takeOfRate(taken, rate, startMs + 7_200_000))
    }
    assert.equal(await write(store => store.takeOfRate(taken, rate, startMs)), undefined)
  })

  it('take one back, with the wait that it caused and with no other', async () => {
    const key = fresh('account')
    const stateOf = async () => [(await rowOf(key))?.failures, (await rowOf(key))?.blocked_until]
    for (let tries = 0; tries < 3; tries++) await take(key, 0)
    await write(store => store.refundAttempt(key, limit, startMs + 1_000))
    assert.deepEqual(await stateOf(), [2, null])
    await take(key, 0)
    await take(key, 1_000)
    const right = await take(key, 3_000)
    assert.deepEqual(await stateOf(), [5, startMs + 7_000])
    // Another, on another node, was right as well: its own wait was over.
    await write(store => store.refundAttempt(key, limit, startMs + 3_000))
    assert.deepEqual(await stateOf(), [4, startMs + 7_000])
    await write(store => store.refundAttempt(key, limit, right.blockedUntilMs))
    assert.deepEqual(await stateOf(), [3, null])
  })

  it('are never below zero, and what is not there is not taken back', async () => {
    const key = fresh('account')
    await write(store => store.refundAttempt(key, limit, null))
    assert.equal(await rowOf(key), undefined)
    await take(key, 0)
    for (let tries = 0; tries < 3; tries++) await write(store => store.refundAttempt(key, limit, null))
    assert.equal((await rowOf(key))?.failures, 0)
    await write(store => store.clear(key))
    assert.equal(await rowOf(key), undefined)
  })

  it('take a rate limit to the last one, take nothing for a rejection, and refill one in each step', async () => {
    const key = fresh('registration')
    const takeOfRate = (afterMs: number) => write(store => store.takeOfRate(key, rate, startMs + afterMs))
    assert.deepEqual(
      [await takeOfRate(0), await takeOfRate(0), await takeOfRate(0)],
      [undefined, undefined, undefined],
    )
    assert.deepEqual(
      [await takeOfRate(0), await takeOfRate(5_000), await takeOfRate(19_999)],
      [20_000, 15_000, 1],
    )
    assert.deepEqual([await takeOfRate(20_000), await takeOfRate(20_000)], [undefined, 20_000])
    assert.equal((await rowOf(key))?.failures, 3)
  })

  it('take a rate limit no further, however many ask at the same time', async () => {
    const key = fresh('password_change')
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => write(store => store.takeOfRate(key, rate, startMs))),
    )
    assert.equal(answers.filter(answer => answer === undefined).length, 3)
  })

  it('go when all is forgotten and no wait is under way, and not before', async () => {
    await clear()
    const short = { freeTries: 1, refillMs: 1_000, maxWaitMs: 60_000 }
    const [idle, waiting] = [fresh('account'), fresh('account')]
    await take(idle, 0, short)
    const slow = { ...short, refillMs: 3_600_000 }
    for (const afterMs of [0, 0, 1_000, 3_000, 7_000]) await take(waiting, afterMs, slow)
    const refillMsOf = new Map(limitKinds.map(kind => [kind, 1_000] as const))
    const sweep = (afterMs: number) => write(store => store.deleteForgotten(refillMsOf, startMs + afterMs))
    assert.equal(await sweep(999), 0)
    assert.equal(await sweep(1_000), 1)
    assert.equal(await sweep(14_999), 0)
    assert.equal(await sweep(15_000), 1)
    assert.equal(await count(), 0)
  })

  it('go at once when their kind is counted no more', async () => {
    const key = fresh('account')
    await take(key, 0)
    const refillMsOf = new Map(limitKinds.map(kind => [kind, kind === 'account' ? 0 : 60_000] as const))
    assert.ok((await write(store => store.deleteForgotten(refillMsOf, startMs))) >= 1)
    assert.equal(await rowOf(key), undefined)
  })

  it('are trimmed from the fewest failures on, the oldest first, those that wait last', async () => {
    await clear()
    const [old, recent, attempted, waiting] = [
      fresh('account'),
      fresh('account'),
      fresh('account'),
      fresh('account'),
    ]
    await take(recent, 5)
    await take(old, 0)
    for (let tries = 0; tries < 2; tries++) await take(attempted, 0)
    for (let tries = 0; tries < 3; tries++) await take(waiting, 0)
    const left = async () => {
      const rows = await database.read
        .selectFrom('throttle_counters')
        .select('subject')
        .orderBy('id')
        .execute()
      return rows.map(row => row.subject)
    }
    const trim = (kept: number) => write(store => store.trim(kept, startMs))
    assert.equal(await trim(4), 0)
    assert.equal(await trim(3), 1)
    assert.deepEqual(await left(), [recent.subject, attempted.subject, waiting.subject])
    assert.equal(await trim(2), 1)
    assert.deepEqual(await left(), [attempted.subject, waiting.subject])
    assert.equal(await trim(1), 1)
    assert.deepEqual(await left(), [waiting.subject])
    assert.equal(await trim(0), 1)
  })

  it('are listed by kind, by a part of what they are about, and by whether they wait', async () => {
    await clear()
    const waiting = { kind: 'account', subject: 'anna_1@example.com' } as const
    for (let tries = 0; tries < 3; tries++) await take(waiting, 0)
    await take({ kind: 'account', subject: 'annax1@example.com' }, 0)
    await write(store => store.takeOfRate({ kind: 'registration', subject: '192.0.2.1' }, rate, startMs))
    const store = throttleStore(database.read)
    const subjects = async (filter: Parameters<typeof store.list>[0], search?: string, afterMs = 0) =>
      (await store.list(filter, { ...page, search }, startMs + afterMs)).rows.map(row => row.subject)
    assert.deepEqual(await subjects({}, 'NA_1'), [waiting.subject])
    assert.deepEqual(await subjects({ kind: 'registration' }), ['192.0.2.1'])
    assert.deepEqual(await subjects({ isBlocked: true }), [waiting.subject])
    assert.deepEqual(await subjects({ isBlocked: false }), ['annax1@example.com', '192.0.2.1'])
    assert.deepEqual(await subjects({ isBlocked: true }, undefined, 1_000), [])
    const [row] = (await store.list({}, { ...page, search: 'anna_1' }, startMs + 1_000)).rows
    assert.equal(row?.blockedUntilMs, null)
  })

  // PostgreSQL asks the disk and another process for each: the same statements, a few fewer of them.
  const attempts = engine === 'sqlite' ? 50_000 : 2_500
  it(`counters stay bounded under ${attempts} attempts at made-up accounts, and keep the attacked account`, async () => {
    await clear()
    const most = attempts / 5
    const attempted = { kind: 'account', subject: 'guessed@example.com' } as const
    for (let tries = 0; tries < 6; tries++) await take(attempted, 0)
    const perTransaction = 500
    for (let made = 0; made < attempts; made += perTransaction) {
      await write(async store => {
        for (let one = 0; one < perTransaction; one++) {
          await store.takeAttempt(
            { kind: 'account', subject: `nobody-${made + one}@example.com` },
            limit,
            startMs + made,
          )
        }
        await store.trim(most, startMs + made)
      })
      assert.ok((await count()) <= most)
    }
    assert.equal(await count(), most)
    assert.equal((await rowOf(attempted))?.failures, 3)
  })
})
