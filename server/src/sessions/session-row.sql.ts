import { type RawBuilder, type Selectable, sql } from 'kysely'
import type { EpochMs, SessionId, SessionRowId, UserId } from '../kernel/index.ts'
import type { SessionsTable } from '../store/index.ts'
import { byPassword, type EndReason, type Level, type Session, type SessionColumn } from './session.ts'

type AuthenticationColumn = 'auth_time' | 'acr' | 'amr'

/** Not among the columns of lists. */
type UnlistedColumn = AuthenticationColumn | 'idle_ms' | 'ends_at'

/**
 * All of them, by name: a prepared statement that returns `*` would fail on PostgreSQL once a newer version has added a
 * column, while this one still runs.
 */
export const sessionColumns = [
  'id',
  'uuid',
  'user_id',
  'ip_address',
  'user_agent',
  'created_at',
  'last_used_at',
  'expires_at',
  'is_active',
  'ended_at',
  'end_reason',
  'auth_time',
  'acr',
  'amr',
  'idle_ms',
  'ends_at',
] as const satisfies readonly (SessionColumn | UnlistedColumn)[]

export const toSession = (row: Pick<Selectable<SessionsTable>, SessionColumn | UnlistedColumn>): Session => ({
  id: row.id as SessionRowId,
  uuid: row.uuid as SessionId,
  userId: row.user_id as UserId,
  ipAddress: row.ip_address,
  userAgent: row.user_agent,
  createdAtMs: row.created_at,
  lastUsedAtMs: row.last_used_at,
  expiresAtMs: row.expires_at,
  endsAtMs: row.ends_at ?? row.expires_at,
  isActive: Boolean(row.is_active),
  endedAtMs: row.ended_at,
  endReason: row.end_reason as EndReason | null,
  ...toAuthentication(row),
})

/** Of a row that an older release wrote: by a password, when the session began. */
export const toAuthentication = ({
  created_at,
  auth_time,
  acr,
  amr,
}: Pick<Selectable<SessionsTable>, 'created_at' | AuthenticationColumn>) => ({
  authTimeMs: auth_time ?? created_at,
  acr: (acr as Level | null) ?? byPassword.acr,
  amr: amr?.split(' ') ?? byPassword.amr,
})

/** How a statement names a column of the sessions. */
type Column = (name: SessionColumn) => RawBuilder<unknown>

type StoredColumn = (name: SessionColumn | UnlistedColumn) => RawBuilder<unknown>

const unqualified: Column = name => sql.ref(name)

/** The columns of the sessions where a statement calls the table so. */
export const columnsOf =
  (table: string): StoredColumn =>
  name =>
    sql.ref(`${table}.${name}`)

/**
 * A session lives: it was not ended, and its time is not over. Here alone, and in `isLive` for code: a test of the
 * structure forbids other comparisons.
 */
export const liveAt = (nowMs: EpochMs, column: Column = unqualified): RawBuilder<boolean> =>
  sql<boolean>`(${column('is_active')} = ${true} and ${column('expires_at')} > ${nowMs})`

/** Its time is over, and no clean-up has said so in its row yet. */
export const expiredAt = (nowMs: EpochMs, column: Column = unqualified): RawBuilder<boolean> =>
  sql<boolean>`(${column('is_active')} = ${true} and ${column('expires_at')} <= ${nowMs})`

/** Why a session ended whose time is over: `sessionAsOf` says the same. */
export const expiryReason = sql<string>`case when ends_at > expires_at then 'idle' else 'expired' end`

/** When a session that is used now expires: one that ends when it is idle does so later by it. */
export const expiryAfterUse = (nowMs: EpochMs, column: StoredColumn): RawBuilder<EpochMs> =>
  sql<EpochMs>`case
    when ${column('idle_ms')} is null then ${column('expires_at')}
    when ${column('ends_at')} < ${column('idle_ms')} + ${nowMs} then ${column('ends_at')}
    else ${column('idle_ms')} + ${nowMs}
  end`

/** The assignments that note a use of a session, for statements in SQL alone. */
export const useAt = (nowMs: EpochMs, column: StoredColumn): RawBuilder<unknown> =>
  sql`last_used_at = ${nowMs}, expires_at = ${expiryAfterUse(nowMs, column)}`

/** Its time was over before this instant, whether it ended then or sooner. */
export const expiredBefore = (beforeMs: EpochMs): RawBuilder<boolean> =>
  sql<boolean>`expires_at < ${beforeMs}`

/** Its row says that it ended before this instant. In the words of a partial index. */
export const endedBefore = (beforeMs: EpochMs): RawBuilder<boolean> =>
  sql<boolean>`(ended_at is not null and ended_at < ${beforeMs})`

/** The rule of a logout of all users (ADR 22): it ends what began at or before its instant, except one session. */
export const endedBy = (
  { beforeMs, except }: { readonly beforeMs: unknown; readonly except: unknown },
  column: Column = unqualified,
): RawBuilder<boolean> =>
  sql<boolean>`(${column('created_at')} <= ${beforeMs} and ${column('uuid')} <> ${except})`

/** Some logout of all users has ended the session, whether or not its row says so yet. */
export const endedByMassLogout = (column: Column): RawBuilder<boolean> =>
  sql<boolean>`exists (
    select 1 from mass_logouts as m
    where ${endedBy({ beforeMs: sql.ref('m.before_at'), except: sql.ref('m.except_uuid') }, column)}
  )`

/** What must hold where a session is to give a token or to let its caller act. */
export const usableAt = (nowMs: EpochMs, column: Column): RawBuilder<boolean> =>
  sql<boolean>`(${liveAt(nowMs, column)} and not ${endedByMassLogout(column)})`
