import { type RawBuilder, type Selectable, sql } from 'kysely'
import { type EpochMs, rowsPerSweep } from '../kernel/index.ts'
import {
  containing,
  type Handle,
  paginate,
  preparedQuery,
  type ThrottleCountersTable,
} from '../store/index.ts'
import { type Counter, type CounterKey, type CounterKind, settled } from './counter.ts'
import type { CounterColumn, ThrottleStore } from './throttle-store.ts'

/** More beyond the free tries would make no wait longer, and would only keep the row after the guessing has ended. */
const mostBeyond = 1_000

/**
 * So much may the clocks of two nodes differ, or two guesses at the same time come in another order than they asked
 * for the time: a wait that was written by the other is one all the same.
 */
const skewMs = 5 * 60_000

/** 2^20 s are twelve days: more than the longest wait that the settings allow, and far from the end of the integers. */
const mostDoublings = 20

type Sql<Value> = RawBuilder<Value>

/** A number of the rule: both engines reckon in whole numbers with it, whatever their driver makes of it. */
const whole = (value: number): Sql<number> => sql<number>`cast(${value} as bigint)`

/** The row as it was, and the instant of the attempt. The row that was to be inserted holds that: `excluded`. */
const failures = sql<number>`throttle_counters.failures`
const countedAt = sql<number>`throttle_counters.counted_at`
const blockedUntil = sql<number | null>`throttle_counters.blocked_until`
const now = sql<number>`excluded.counted_at`

/**
 * How many are left of those that were counted, and the instant up to which that has been reckoned: whole steps only,
 * or an attempt every few seconds would keep everything from being forgotten. A row from a clock that was ahead for a
 * moment is reckoned from now on.
 */
function decay(forgetMs: number) {
  const step = whole(forgetMs)
  const forgotten = sql<number>`(case when ${now} > ${countedAt} then (${now} - ${countedAt}) / ${step} else 0 end)`
  return {
    left: sql<number>`(case when ${forgotten} >= ${failures} then 0 else ${failures} - ${forgotten} end)`,
    reckonedAt: sql<number>`case when ${forgotten} >= ${failures} or ${countedAt} > ${now} then ${now} else ${countedAt} + ${forgotten} * ${step} end`,
  }
}

/** The wait after an attempt that found so many failures: 1, 2, 4 … seconds once the free tries are used up. */
function waitMs(left: Sql<number>, freeTries: number, maxWaitMs: number): Sql<number> {
  const doublings = sql`(${left} - ${whole(freeTries)})`
  const doubled = sql`1000 * (cast(1 as bigint) << cast(${doublings} as integer))`
  return sql<number>`(case when ${left} < ${whole(freeTries)} then 0
    when ${doublings} > ${whole(mostDoublings)} then ${whole(maxWaitMs)}
    when ${doubled} > ${whole(maxWaitMs)} then ${whole(maxWaitMs)}
    else ${doubled} end)`
}

const oneMore = (left: Sql<number>, most: number): Sql<number> =>
  sql<number>`case when ${left} >= ${whole(most)} then ${whole(most)} else ${left} + 1 end`

/** One row more, or a change of the one that is there. */
const upsert = <Row>(
  db: Handle,
  { kind, subject }: CounterKey,
  nowMs: EpochMs,
  change: Sql<unknown>,
  returned: Sql<Row>,
) => ({
  compile: () =>
    sql<Row>`insert into throttle_counters (kind, subject, failures, counted_at, blocked_until, is_refused)
      values (${kind}, ${subject}, 1, ${nowMs}, null, false)
      on conflict (kind, subject) do update set ${change} returning ${returned}`.compile(db),
})

type ChargedRow = Pick<Selectable<ThrottleCountersTable>, 'failures' | 'blocked_until' | 'is_refused'>

/** Both stand on the way of every sign-in. */
const chargeOne = preparedQuery(
  (
    db,
    {
      kind,
      subject,
      nowMs,
      freeTries,
      most,
      forgetMs,
      maxWaitMs,
    }: {
      kind: CounterKind
      subject: string
      nowMs: EpochMs
      freeTries: number
      most: number
      forgetMs: number
      maxWaitMs: number
    },
  ) => {
    const { left, reckonedAt } = decay(forgetMs)
    const until = sql`${now} + ${waitMs(left, freeTries, maxWaitMs)}`
    // A wait that ends later than any could was written by a clock that was far ahead: it is ignored, so that it locks
    // no user out.
    const isWaiting = sql`${blockedUntil} > ${now} and ${blockedUntil} <= ${now} + ${whole(maxWaitMs)} + ${whole(skewMs)}`
    const change = sql`failures = case when ${isWaiting} then ${failures} else ${oneMore(left, most)} end,
      counted_at = case when ${isWaiting} then ${countedAt} else ${reckonedAt} end,
      blocked_until = case
        when ${isWaiting} then ${blockedUntil}
        when ${left} >= ${whole(freeTries)} then ${until}
        else null end,
      is_refused = coalesce(${isWaiting}, false)`
    return upsert(db, { kind, subject }, nowMs, change, sql<ChargedRow>`failures, blocked_until, is_refused`)
  },
)

const spendOne = preparedQuery(
  (
    db,
    {
      kind,
      subject,
      nowMs,
      count,
      forgetMs,
      wholeMs,
    }: {
      kind: CounterKind
      subject: string
      nowMs: EpochMs
      count: number
      forgetMs: number
      wholeMs: number
    },
  ) => {
    const { left, reckonedAt } = decay(forgetMs)
    const isAhead = sql`${countedAt} > ${now} + ${whole(wholeMs)}`
    const change = sql`failures = ${oneMore(left, count)}, counted_at = ${reckonedAt}
      where ${left} < ${whole(count)} or ${isAhead}`
    return upsert(db, { kind, subject }, nowMs, change, sql<{ id: number }>`id`)
  },
)

/** Both stand on the way of every sign-in that succeeds. */
const giveOneBack = preparedQuery(
  (
    db,
    {
      kind,
      subject,
      freeTries,
      begunUntilMs,
    }: { kind: CounterKind; subject: string; freeTries: number; begunUntilMs: number },
  ) =>
    db
      .updateTable('throttle_counters')
      .set({
        failures: sql<number>`failures - 1`,
        blocked_until: sql<
          number | null
        >`case when failures - 1 <= ${whole(freeTries)} or blocked_until = ${whole(begunUntilMs)} then null else blocked_until end`,
      })
      .where('kind', '=', kind)
      .where('subject', '=', subject)
      .where('failures', '>', 0),
)

const forgetOne = preparedQuery((db, { kind, subject }: { kind: CounterKind; subject: string }) =>
  db.deleteFrom('throttle_counters').where('kind', '=', kind).where('subject', '=', subject),
)

const orderKeys = (nowMs: number): Record<CounterColumn, Sql<unknown>> => ({
  id: sql`id`,
  failures: sql`failures`,
  counted_at: sql`counted_at`,
  blocked_until: sql`case when blocked_until > ${nowMs} then blocked_until else 0 end`,
})

export const sqlThrottleStore = (db: Handle): ThrottleStore => {
  const deleteSome = async (ids: Sql<unknown>): Promise<number> => {
    const { numDeletedRows } = await db
      .deleteFrom('throttle_counters')
      .where('id', 'in', sql<number>`(${ids})`)
      .executeTakeFirst()
    return Number(numDeletedRows)
  }

  return {
    async charge(key, rule, nowMs) {
      const { freeTries, forgetMs, maxWaitMs } = rule
      const most = freeTries + mostBeyond
      const rows = await chargeOne(db, {
        kind: key.kind,
        subject: key.subject,
        nowMs,
        freeTries,
        most,
        forgetMs,
        maxWaitMs,
      })
      const row = rows[0]!
      return {
        failures: row.failures,
        isRefused: Boolean(row.is_refused),
        blockedUntilMs: row.blocked_until,
      }
    },

    async giveBack({ kind, subject }, { freeTries }, begunUntilMs) {
      // No wait ends at 0.
      await giveOneBack(db, { kind, subject, freeTries, begunUntilMs: begunUntilMs ?? 0 })
    },

    async reset({ kind, subject }) {
      await forgetOne(db, { kind, subject })
    },

    async spend(key, rule, nowMs) {
      const { count, forgetMs } = rule
      const taken = await spendOne(db, {
        kind: key.kind,
        subject: key.subject,
        nowMs,
        count,
        forgetMs,
        wholeMs: count * forgetMs,
      })
      if (taken.length > 0) return undefined
      const row = await db
        .selectFrom('throttle_counters')
        .select(['failures', 'counted_at'])
        .where('kind', '=', key.kind)
        .where('subject', '=', key.subject)
        .executeTakeFirstOrThrow()
      return Math.max(1, row.counted_at + (row.failures - count + 1) * forgetMs - nowMs)
    },

    async findById(id) {
      const row = await db.selectFrom('throttle_counters').selectAll().where('id', '=', id).executeTakeFirst()
      return row && toCounter(row)
    },

    async list(filter, page, nowMs) {
      const blocked = sql<boolean>`coalesce(blocked_until > ${nowMs}, false)`
      const query = db
        .selectFrom('throttle_counters')
        .selectAll()
        .$if(filter.kind !== undefined, q => q.where('kind', '=', filter.kind!))
        .$if(filter.isBlocked === true, q => q.where(blocked))
        .$if(filter.isBlocked === false, q => q.where(sql<boolean>`not ${blocked}`))
        .$if(page.search !== undefined, q => q.where(containing(sql`subject`, page.search!)))
      const keys = orderKeys(nowMs)
      const { rows, ...rest } = await paginate(
        query,
        { value: keys[page.ordering.column], id: keys.id },
        page,
      )
      return { ...rest, rows: rows.map(row => settled(toCounter(row), nowMs)) }
    },

    async countBlocked(nowMs) {
      const rows = await db
        .selectFrom('throttle_counters')
        .select(({ fn }) => ['kind', fn.countAll<number>().as('count')])
        .where('blocked_until', '>', nowMs)
        .groupBy('kind')
        .execute()
      return new Map(rows.map(({ kind, count }) => [kind as CounterKind, count]))
    },

    async forgetAccount(email) {
      await db
        .deleteFrom('throttle_counters')
        .where('kind', 'in', ['account', 'device'])
        .where(sql<boolean>`(subject = ${email} or substr(subject, 1, ${email.length + 1}) = ${`${email}|`})`)
        .execute()
    },

    async delete(id) {
      const row = await db
        .deleteFrom('throttle_counters')
        .where('id', '=', id)
        .returningAll()
        .executeTakeFirst()
      return row && toCounter(row)
    },

    async deleteForgotten(forgetMsOf, nowMs) {
      const cases = [...forgetMsOf].map(([kind, forgetMs]) => sql`when ${kind} then ${whole(forgetMs)}`)
      const forgetMs = sql`case kind ${sql.join(cases, sql` `)} end`
      return deleteSome(sql`select id from throttle_counters
        where counted_at + failures * ${forgetMs} <= ${nowMs} and coalesce(blocked_until, 0) <= ${nowMs}
        limit ${rowsPerSweep}`)
    },

    async trim(kept, nowMs) {
      const { count } = await db
        .selectFrom('throttle_counters')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow()
      const excess = Number(count) - kept
      if (excess <= 0) return 0
      const fewest = (condition: Sql<unknown>, most: number) =>
        deleteSome(sql`select id from throttle_counters where ${condition}
          order by failures, counted_at limit ${most}`)
      const open = await fewest(sql`coalesce(blocked_until, 0) <= ${nowMs}`, excess)
      return open + (open < excess ? await fewest(sql`true`, excess - open) : 0)
    },
  }
}

const toCounter = (row: Selectable<ThrottleCountersTable>): Counter => ({
  id: row.id,
  kind: row.kind as CounterKind,
  subject: row.subject,
  failures: row.failures,
  countedAtMs: row.counted_at,
  blockedUntilMs: row.blocked_until,
})
