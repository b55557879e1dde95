import { type RawBuilder, sql } from 'kysely'
import type { EpochMs, Page, PageRequest, RowCount, UserId } from '../kernel/index.ts'
import {
  countFiltered,
  type Handle,
  hideFromIndex,
  type ListFilter,
  type PageBounds,
  pageBounds,
  pageOf,
  paginate,
  paginateFiltered,
  readsDescending,
} from '../store/index.ts'
import { type Session, type SessionColumn, type SessionFilter, sessionAsOf } from './session.ts'
import { expiredAt, expiryReason, liveAt, sessionColumns, toSession } from './session-row.sql.ts'

const id = sql`id`
const expiresAt = sql`expires_at`

/** As the rows are stored, null as if empty. Each has an index, `last_used_at` on SQLite only. */
const orderKeys: Record<SessionColumn, RawBuilder<unknown>> = {
  id,
  uuid: sql`uuid`,
  user_id: sql`user_id`,
  ip_address: sql`ip_address`,
  user_agent: sql`user_agent`,
  created_at: sql`created_at`,
  last_used_at: sql`last_used_at`,
  expires_at: expiresAt,
  is_active: sql`is_active`,
  ended_at: sql`coalesce(ended_at, 0)`,
  end_reason: sql`coalesce(end_reason, '')`,
}

/** The columns that time changes: what they show of a session that has run out and that no clean-up has reached yet. */
const whenExpired = {
  is_active: sql`(1 = 0)`,
  ended_at: expiresAt,
  end_reason: expiryReason,
} as const satisfies Partial<Record<SessionColumn, RawBuilder<unknown>>>

type TimedColumn = keyof typeof whenExpired

const isTimed = (column: SessionColumn): column is TimedColumn => Object.hasOwn(whenExpired, column)

/** What stands for null in the order. */
const emptyOf: Record<TimedColumn, string | number> = { is_active: 0, ended_at: 0, end_reason: '' }

/** By which sessions as they stand now are ordered. */
const timedValueIn: Record<TimedColumn, (session: Session) => string | number> = {
  is_active: session => Number(session.isActive),
  ended_at: session => session.endedAtMs ?? 0,
  end_reason: session => session.endReason ?? '',
}

const filtersOf = ({ userId, isActive }: SessionFilter, live: ListFilter, nowMs: EpochMs) => [
  ...(userId === undefined ? [] : [ofUser(userId)]),
  ...(isActive === undefined ? [] : [isActive ? live : endedSessions(nowMs)]),
]

/** How many sessions the list has, up to a bound. */
export const countSessions = (db: Handle, filter: SessionFilter, nowMs: EpochMs): Promise<RowCount> =>
  countFiltered(db, { table: 'sessions', id }, filtersOf(filter, liveSessions(nowMs), nowMs))

/** One page of the sessions, each as it stands now. */
export async function listSessions(
  db: Handle,
  filter: SessionFilter,
  request: PageRequest<SessionColumn>,
  nowMs: EpochMs,
): Promise<Page<Session>> {
  const { column } = request.ordering
  const page = pageBounds(db, request, column === 'is_active')
  // All that are live are equal in these columns, and all that are not in one of them.
  const isOneValue =
    isTimed(column) && (filter.isActive === true || (filter.isActive === false && column === 'is_active'))
  if (isTimed(column) && !isOneValue) return await mergeExpired(db, filter, column, page, nowMs)
  const value = isOneValue ? id : orderKeys[column]
  const live = liveSessions(nowMs)
  const filters = filtersOf(filter, live, nowMs)
  const query = db.selectFrom('sessions').select(sessionColumns)
  const { rows, ...rest } = await paginateFiltered(db, filters, {
    query,
    keys: { value, id },
    page,
    indexScan: listFilter =>
      listFilter === live && value === id
        ? { query: query.where('is_active', '=', true).where(live.predicate), keys: { value, id } }
        : undefined,
  })
  return { ...rest, rows: rows.map(row => sessionAsOf(toSession(row), nowMs)) }
}

/**
 * Two lists in one: the sessions that are as they are stored, in the order of an index, and the few that have run out
 * since the last clean-up, sorted.
 */
async function mergeExpired(
  db: Handle,
  { userId, isActive }: SessionFilter,
  column: TimedColumn,
  page: PageBounds,
  nowMs: EpochMs,
): Promise<Page<Session>> {
  const query = db.selectFrom('sessions').select(sessionColumns)
  const ofOne = userId === undefined ? [] : [ofUser(userId)]
  // One row more than the page holds, from each, so that it shows if more follow.
  const wide = { ...page, limit: page.limit + 1 }
  const stored = await paginateFiltered(db, ofOne, {
    query: query
      .where(sql<boolean>`not (${expiredAt(nowMs, hidden)})`)
      // Those that are over: they say when, and why.
      .$if(isActive === false, q => q.where(sql<boolean>`${orderKeys[column]} > ${emptyOf[column]}`)),
    keys: { value: orderKeys[column], id },
    page: wide,
  })
  const expired = await paginate(
    ofOne.reduce((rows, { predicate: holds }) => rows.where(holds), query.where(expiredAt(nowMs))),
    { value: hideFromIndex(whenExpired[column]), id: hideFromIndex(id), hasNoIndex: true },
    wide,
  )
  const valueIn = timedValueIn[column]
  const direction = readsDescending(page) ? -1 : 1
  const merged = [...stored.rows, ...expired.rows]
    .map(row => sessionAsOf(toSession(row), nowMs))
    .toSorted((left, right) => {
      const [one, other] = [valueIn(left), valueIn(right)]
      return direction * (one === other ? left.id - right.id : one < other ? -1 : 1)
    })
  return pageOf(merged.slice(0, wide.limit), page)
}

const hidden = (name: SessionColumn): RawBuilder<unknown> => hideFromIndex(sql.ref(name))

const ofUser = (userId: UserId): ListFilter => ({
  predicate: sql<boolean>`${hideFromIndex(sql`user_id`)} = ${userId}`,
  candidateIds: sql`select id from sessions where user_id = ${userId}`,
  isExact: true,
})

const liveSessions = (nowMs: EpochMs): ListFilter => ({
  predicate: liveAt(nowMs, hidden),
  candidateIds: sql`select id from sessions where ${liveAt(nowMs)}`,
  isExact: true,
})

const endedSessions = (nowMs: EpochMs): ListFilter => ({
  predicate: sql<boolean>`not (${liveAt(nowMs, hidden)})`,
  candidateIds: sql`select id from sessions where is_active = ${false}
    union all select id from sessions where ${expiredAt(nowMs)}`,
  isExact: true,
})
