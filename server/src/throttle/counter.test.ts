import assert from 'node:assert/strict'
import { before, it } from 'node:test'
import fc from 'fast-check'
import { eachEngine } from '../../../test/support/engines.ts'
import type { Database, Handle } from '../store/index.ts'
import {
  type Count,
  maxFailuresBeyondFree,
  maxSkewMs,
  refundAttempt,
  retryAfterMs,
  takeAttempt,
  takeOfRate,
} from './counter.ts'
import type { AttemptLimit, LimitKey, RateLimit } from './limits.ts'
import { throttleStore } from './throttle-store.sql.ts'

const record = <T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }) =>
  fc.record(model, { noNullPrototype: true })

const nowMs = 1_800_000_000_000

const millis = fc.oneof(
  fc.constantFrom(0, 1, 999, 1_000, 1_001, 60_000, maxSkewMs, maxSkewMs + 1),
  fc.integer({ min: 0, max: 3 * 86_400_000 }),
)
/** Before or after now, as another node or a clock that was ahead writes it. */
const instant = fc.tuple(fc.constantFrom(-1, 1), millis).map(([sign, ms]) => nowMs + sign * ms)
const refillMs = fc.oneof(fc.constantFrom(1, 100, 60_000, 900_000), fc.integer({ min: 1, max: 86_400_000 }))

const attemptLimit: fc.Arbitrary<AttemptLimit> = record({
  freeTries: fc.oneof(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 1_000_000 })),
  refillMs,
  maxWaitMs: fc.integer({ min: 1, max: 86_400 }).map(seconds => seconds * 1_000),
})
const rateLimit: fc.Arbitrary<RateLimit> = record({
  count: fc.oneof(fc.integer({ min: 1, max: 10 }), fc.integer({ min: 1, max: 1_000_000 })),
  refillMs,
})

/** Near a bound of the limit more often than not. */
const failuresNear = (bound: number) =>
  fc
    .oneof(
      fc.integer({ min: -3, max: 25 }).map(more => bound + more),
      fc.integer({ min: 0, max: bound + maxFailuresBeyondFree }),
      fc.integer({ min: 0, max: 3 }).map(less => bound + maxFailuresBeyondFree - less),
    )
    .map(failures => Math.max(0, failures))

const countNear = (
  bound: number,
  blockedUntilMs: fc.Arbitrary<number | null>,
): fc.Arbitrary<Count | undefined> =>
  fc.option(record({ failures: failuresNear(bound), countedAtMs: instant, blockedUntilMs }), {
    nil: undefined,
    freq: 10,
  })

const attempts = attemptLimit.chain(limit =>
  record({
    limit: fc.constant(limit),
    count: countNear(
      limit.freeTries,
      fc.option(
        fc.oneof(
          instant,
          fc.integer({ min: -1, max: 1 }).map(more => nowMs + limit.maxWaitMs + maxSkewMs + more),
        ),
      ),
    ),
  }),
)
const rates = rateLimit.chain(limit =>
  record({
    limit: fc.constant(limit),
    count: fc.oneof(
      countNear(limit.count, fc.constant(null)),
      record({
        failures: failuresNear(limit.count),
        countedAtMs: fc.integer({ min: -1, max: 1 }).map(more => nowMs + limit.count * limit.refillMs + more),
        blockedUntilMs: fc.constant(null),
      }),
    ),
  }),
)

eachEngine('the SQL of a counter and its arithmetic in TypeScript', (open, { engine }) => {
  let database: Database
  before(async () => {
    database = await open()
  })
  // Some in one transaction, as SQLite asks the disk for each, and not all: a transaction has five seconds.
  const transactions = engine === 'sqlite' ? 20 : 5
  const check = async <T>(arbitrary: fc.Arbitrary<T>, compare: (trx: Handle, value: T) => Promise<void>) => {
    const property = (trx: Handle) => fc.asyncProperty(arbitrary, value => compare(trx, value))
    for (let made = 0; made < transactions; made++) {
      await database.transaction(trx => fc.assert(property(trx), { numRuns: 100 }))
    }
  }
  const account = { kind: 'account', subject: 'one' } as const
  const registration = { kind: 'registration', subject: 'one' } as const

  const write = async (trx: Handle, { kind, subject }: LimitKey, count: Count | undefined) => {
    await trx.deleteFrom('throttle_counters').execute()
    if (count === undefined) return
    const { failures, countedAtMs: counted_at, blockedUntilMs: blocked_until } = count
    const row = { kind, subject, failures, counted_at, blocked_until, is_refused: false }
    await trx.insertInto('throttle_counters').values(row).execute()
  }
  const read = async (trx: Handle): Promise<Count | undefined> => {
    const row = await trx.selectFrom('throttle_counters').selectAll().executeTakeFirst()
    return row && { failures: row.failures, countedAtMs: row.counted_at, blockedUntilMs: row.blocked_until }
  }

  it('take the same attempt from every counter', () =>
    check(attempts, async (trx, { limit, count }) => {
      await write(trx, account, count)
      const result = await throttleStore(trx).takeAttempt(account, limit, nowMs)
      const { isRefused, ...after } = takeAttempt(count, limit, nowMs)
      assert.deepEqual(await read(trx), after)
      const { failures, blockedUntilMs } = after
      assert.deepEqual(result, { failures, blockedUntilMs, isRefused })
    }))

  it('take back the same attempt', () =>
    check(
      fc.tuple(attempts, fc.constantFrom('own', 'other', 'none')),
      async (trx, [{ limit, count }, wait]) => {
        if (count === undefined) return
        const begunUntilMs = { own: count.blockedUntilMs, other: nowMs + 7_777, none: null }[wait]
        await write(trx, account, count)
        await throttleStore(trx).refundAttempt(account, limit, begunUntilMs)
        assert.deepEqual(await read(trx), refundAttempt(count, limit, begunUntilMs))
      },
    ))

  it('take the same of a rate limit, or take nothing and say the same time to come back', () =>
    check(rates, async (trx, { limit, count }) => {
      await write(trx, registration, count)
      const waitMs = await throttleStore(trx).takeOfRate(registration, limit, nowMs)
      const after = takeOfRate(count, limit, nowMs)
      assert.deepEqual(await read(trx), after ?? count)
      assert.equal(waitMs, after ? undefined : retryAfterMs(count!, limit, nowMs))
    }))
})
