import { type RawBuilder, type Selectable, sql } from 'kysely'
import { type EpochMs, type Page, type PageRequest, rowsPerSweep } from '../kernel/index.ts'
import {
  containing,
  type Handle,
  paginate,
  preparedQuery,
  type ThrottleCountersTable,
} from '../store/index.ts'
import {
  type Counter,
  currentCounter,
  type LimitResult,
  maxDoublings,
  maxFailuresBeyondFree,
  maxSkewMs,
  retryAfterMs,
} from './counter.ts'
import type { AttemptKind, AttemptLimit, LimitKey, LimitKind, RateKind, RateLimit } from './limits.ts'

export type CounterColumn = 'id' | 'failures' | 'counted_at' | 'blocked_until'

interface CounterFilter {
  readonly kind?: LimitKind | undefined
  readonly isBlocked?: boolean | undefined
}

type Sql<Value> = RawBuilder<Value>

/** A number as both engines reckon with it: whole, whatever their driver makes of it. */
const whole = (value: number): Sql<number> => sql<number>`cast(${value} as bigint)`

const least = (one: Sql<number>, other: Sql<number>): Sql<number> =>
  sql<number>`case when ${one} < ${other} then ${one} else ${other} end`

/**
 * `refill` of counter.ts: one row with the counter as it was and the instant of the attempt, `now_ms` (the row that was
 * to be inserted holds it), and with what is left of the failures, `remaining`, reckoned up to `refilled_at`.
 */
const refilled = (refillMs: number): Sql<unknown> => sql`(
  select *,
    case when steps < failures then failures - steps else 0 end as remaining,
    case when steps < failures and counted_at <= now_ms
      then counted_at + steps * ${whole(refillMs)} else now_ms end as refilled_at
  from (
    select *, case when counted_at < now_ms then (now_ms - counted_at) / ${whole(refillMs)} else 0 end as steps
    from (
      select throttle_counters.failures, throttle_counters.counted_at, throttle_counters.blocked_until,
        excluded.counted_at as now_ms
    ) as counter
  ) as stepped
) as refilled`

interface Now {
  readonly nowMs: EpochMs
}

/** The parameters of a prepared query are named in one object. */
type Named<Parameters> = Pick<Parameters, keyof Parameters>

/** Counts one where no counter is, else makes the change of it. */
const insertOrChange = ({ kind, subject, nowMs }: LimitKey & Now, change: Sql<unknown>) =>
  sql`insert into throttle_counters (kind, subject, failures, counted_at, blocked_until, is_refused)
    values (${kind}, ${subject}, 1, ${nowMs}, null, false)
    on conflict (kind, subject) do update set ${change}`

type TakenRow = Pick<Selectable<ThrottleCountersTable>, 'failures' | 'blocked_until' | 'is_refused'>

/** `takeAttempt` of counter.ts. On the way of every sign-in. */
const takeAttempt = preparedQuery(
  (db, { kind, subject, nowMs, freeTries, refillMs, maxWaitMs }: Named<LimitKey & Now & AttemptLimit>) => {
    const doubledMs = sql<number>`1000 * (cast(1 as bigint) << cast(doublings as integer))`
    const change = sql`(failures, counted_at, blocked_until, is_refused) = (
      select
        case when is_waiting then failures else ${least(sql`remaining + 1`, sql`max_failures`)} end,
        case when is_waiting then counted_at else refilled_at end,
        case when is_waiting then blocked_until
          when doublings >= 0 then now_ms + ${least(doubledMs, sql`max_wait_ms`)} end,
        is_waiting
      from (
        select *, free_tries + ${whole(maxFailuresBeyondFree)} as max_failures,
          ${least(sql`remaining - free_tries`, whole(maxDoublings))} as doublings,
          coalesce(blocked_until > now_ms
            and blocked_until <= now_ms + max_wait_ms + ${whole(maxSkewMs)}, false) as is_waiting
        from (
          select *, ${whole(freeTries)} as free_tries, ${whole(maxWaitMs)} as max_wait_ms
          from ${refilled(refillMs)}
        ) as limited
      ) as checked
    )`
    const statement = sql<TakenRow>`${insertOrChange({ kind, subject, nowMs }, change)}
      returning failures, blocked_until, is_refused`
    return { compile: () => statement.compile(db) }
  },
)

/** `takeOfRate` of counter.ts. No row comes back when all are taken. */
const takeOfRate = preparedQuery(
  (db, { kind, subject, nowMs, count, refillMs }: Named<LimitKey & Now & RateLimit>) => {
    const change = sql`(failures, counted_at) = (
        select ${least(sql`remaining + 1`, whole(count))}, refilled_at from ${refilled(refillMs)}
      )
      where (
        select remaining < ${whole(count)} or counted_at > now_ms + ${whole(count)} * ${whole(refillMs)}
        from ${refilled(refillMs)}
      )`
    const statement = sql<{ id: number }>`${insertOrChange({ kind, subject, nowMs }, change)} returning id`
    return { compile: () => statement.compile(db) }
  },
)

/** `refundAttempt` of counter.ts. No wait ends at 0, which stands for none. On the way of every sign-in that succeeds. */
const refundAttempt = preparedQuery(
  (
    db,
    { kind, subject, freeTries, begunUntilMs }: Named<LimitKey & { freeTries: number; begunUntilMs: number }>,
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

const clearOne = preparedQuery((db, { kind, subject }: Named<LimitKey>) =>
  db.deleteFrom('throttle_counters').where('kind', '=', kind).where('subject', '=', subject),
)

const orderKeys = (nowMs: number): Record<CounterColumn, Sql<unknown>> => ({
  id: sql`id`,
  failures: sql`failures`,
  counted_at: sql`counted_at`,
  blocked_until: sql`case when blocked_until > ${nowMs} then blocked_until else 0 end`,
})

export type ThrottleStore = ReturnType<typeof throttleStore>

export const throttleStore = (db: Handle) => ({
  /**
   * Takes one attempt, or says that it came during a wait. INVARIANT: one guarded statement, so that of any number of
   * attempts at the same time, on any number of nodes, each is counted and each sees those before it (ADR 14).
   */
  async takeAttempt(key: LimitKey<AttemptKind>, limit: AttemptLimit, nowMs: EpochMs): Promise<LimitResult> {
    const [row] = await takeAttempt(db, { ...key, ...limit, nowMs })
    const { failures, blocked_until, is_refused } = row!
    return { failures, isRefused: Boolean(is_refused), blockedUntilMs: blocked_until }
  },

  /** Takes back one attempt that was counted and turned out well, and the wait that it began. */
  async refundAttempt(
    key: LimitKey<AttemptKind>,
    { freeTries }: AttemptLimit,
    begunUntilMs: EpochMs | null,
  ): Promise<void> {
    await refundAttempt(db, { ...key, freeTries, begunUntilMs: begunUntilMs ?? 0 })
  },

  /** Forgets everything that this counter counted. */
  async clear(key: LimitKey): Promise<void> {
    await clearOne(db, key)
  },

  /**
   * Takes one of a rate limit, in one guarded statement. Undefined when there was one; else after how many
   * milliseconds there will be one, and nothing was taken.
   */
  async takeOfRate(key: LimitKey<RateKind>, limit: RateLimit, nowMs: EpochMs): Promise<number | undefined> {
    const taken = await takeOfRate(db, { ...key, ...limit, nowMs })
    if (taken.length > 0) return undefined
    const row = await db
      .selectFrom('throttle_counters')
      .select(['failures', 'counted_at'])
      .where('kind', '=', key.kind)
      .where('subject', '=', key.subject)
      .executeTakeFirstOrThrow()
    return retryAfterMs({ failures: row.failures, countedAtMs: row.counted_at }, limit, nowMs)
  },

  async findById(id: number): Promise<Counter | undefined> {
    const row = await db.selectFrom('throttle_counters').selectAll().where('id', '=', id).executeTakeFirst()
    return row && toCounter(row)
  },

  /** Rows as they are now: `currentCounter`. */
  async list(
    filter: CounterFilter,
    page: PageRequest<CounterColumn>,
    nowMs: EpochMs,
  ): Promise<Page<Counter>> {
    const blocked = sql<boolean>`coalesce(blocked_until > ${nowMs}, false)`
    const query = db
      .selectFrom('throttle_counters')
      .selectAll()
      .$if(filter.kind !== undefined, q => q.where('kind', '=', filter.kind!))
      .$if(filter.isBlocked === true, q => q.where(blocked))
      .$if(filter.isBlocked === false, q => q.where(sql<boolean>`not ${blocked}`))
      .$if(page.search !== undefined, q => q.where(containing(sql`subject`, page.search!)))
    const keys = orderKeys(nowMs)
    const { rows, ...rest } = await paginate(query, { value: keys[page.ordering.column], id: keys.id }, page)
    return { ...rest, rows: rows.map(row => currentCounter(toCounter(row), nowMs)) }
  },

  /** How many of each kind have a wait under way; kinds that have none are left out. */
  async countBlocked(nowMs: EpochMs): Promise<ReadonlyMap<LimitKind, number>> {
    const rows = await db
      .selectFrom('throttle_counters')
      .select(({ fn }) => ['kind', fn.countAll<number>().as('count')])
      .where('blocked_until', '>', nowMs)
      .groupBy('kind')
      .execute()
    return new Map(rows.map(({ kind, count }) => [kind as LimitKind, count]))
  },

  /** Removes what was counted of attempts at the account with this address. */
  async forgetAccount(email: string): Promise<void> {
    await db
      .deleteFrom('throttle_counters')
      .where('kind', 'in', ['account', 'device', 'mail_address'])
      .where(sql<boolean>`(subject = ${email} or substr(subject, 1, ${email.length + 1}) = ${`${email}|`})`)
      .execute()
  },

  /** Undefined when there is none. */
  async delete(id: number): Promise<Counter | undefined> {
    const row = await db
      .deleteFrom('throttle_counters')
      .where('id', '=', id)
      .returningAll()
      .executeTakeFirst()
    return row && toCounter(row)
  },

  /** Removes some of the rows that count nothing any more and whose wait is over; gives their number. */
  async deleteForgotten(refillMsOf: ReadonlyMap<LimitKind, number>, nowMs: EpochMs): Promise<number> {
    const cases = [...refillMsOf].map(([kind, refillMs]) => sql`when ${kind} then ${whole(refillMs)}`)
    const refillMs = sql`case kind ${sql.join(cases, sql` `)} end`
    return deleteSome(
      db,
      sql`select id from throttle_counters
        where counted_at + failures * ${refillMs} <= ${nowMs} and coalesce(blocked_until, 0) <= ${nowMs}
        limit ${rowsPerSweep}`,
    )
  },

  /**
   * Removes the rows beyond a number: those with the fewest failures first, then the oldest; a row with a wait under
   * way only when there is no other. Gives the number removed.
   */
  async trim(maxRows: number, nowMs: EpochMs): Promise<number> {
    const { count } = await db
      .selectFrom('throttle_counters')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow()
    const excess = Number(count) - maxRows
    if (excess <= 0) return 0
    const fewest = (condition: Sql<unknown>, most: number) =>
      deleteSome(
        db,
        sql`select id from throttle_counters where ${condition}
          order by failures, counted_at limit ${most}`,
      )
    const open = await fewest(sql`coalesce(blocked_until, 0) <= ${nowMs}`, excess)
    return open + (open < excess ? await fewest(sql`true`, excess - open) : 0)
  },
})

async function deleteSome(db: Handle, ids: Sql<unknown>): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom('throttle_counters')
    .where('id', 'in', sql<number>`(${ids})`)
    .executeTakeFirst()
  return Number(numDeletedRows)
}

const toCounter = (row: Selectable<ThrottleCountersTable>): Counter => ({
  id: row.id,
  kind: row.kind as LimitKind,
  subject: row.subject,
  failures: row.failures,
  countedAtMs: row.counted_at,
  blockedUntilMs: row.blocked_until,
})
