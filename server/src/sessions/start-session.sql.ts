import type { Insertable } from 'kysely'
import { type ClientInfo, type EpochMs, type Random, Rejection, type UserId } from '../kernel/index.ts'
import { type Handle, preparedQuery, type SessionsTable } from '../store/index.ts'
import { type Authentication, byPassword, type Session } from './session.ts'
import { sessionColumns, toSession } from './session-row.sql.ts'

export interface SessionStart {
  readonly userId: UserId
  readonly origin: ClientInfo
  readonly nowMs: EpochMs
  readonly ttlMs: number
  /** It ends when it was not used for so long; undefined gives it its whole life. */
  readonly idleMs?: number | undefined
  readonly authentication?: Authentication
  readonly rememberedDeviceId?: number | undefined
}

/**
 * Starts a session. INVARIANT: it begins after the last «log out everywhere» of this user, and of all users, even
 * when two clocks disagree; the caller's transaction holds the user's row (it has just inserted or updated it).
 * INVARIANT: no session of an account with a second factor begins without one, whichever way leads here (ADR 46),
 * unless by a device that was remembered and used in this transaction (ADR 50): rejects with `invalid_credentials`.
 */
export async function startSession(
  db: Handle,
  random: Random,
  { userId, origin, nowMs, ttlMs, idleMs, authentication = byPassword, rememberedDeviceId }: SessionStart,
): Promise<Session> {
  const [user] = await lastLogouts(db, { userId })
  if (user === undefined) throw new Error(`There is no user ${userId} who could sign in.`)
  const needsFactor = authentication.acr === 'aal1' && user.has_factor
  if (needsFactor && !(await isUsedNow(db, { userId, rememberedDeviceId, nowMs }))) {
    throw new Rejection('invalid_credentials', { cause: 'factor_missing' })
  }
  const loggedOutAtMs = Math.max(user.force_logout_at ?? 0, user.everybody_at ?? 0)
  // The uuid holds the instant, so the order of a logout and a sign-in is one of data, not of two clocks (ADR 3).
  const createdAtMs = Math.max(nowMs, loggedOutAtMs + 1)
  const [row] = await addSession(db, {
    uuid: random.orderedUuid(createdAtMs),
    user_id: userId,
    ip_address: origin.ipAddress,
    user_agent: origin.userAgent,
    created_at: createdAtMs,
    ...lifeFrom(createdAtMs, ttlMs, idleMs),
    acr: authentication.acr,
    amr: authentication.amr.join(' '),
  })
  return toSession(row!)
}

/** An idle time that is no shorter than the life says nothing. */
function lifeFrom(createdAtMs: EpochMs, ttlMs: number, idleMs: number | undefined) {
  const endsAtMs = createdAtMs + ttlMs
  return idleMs === undefined || idleMs >= ttlMs
    ? { expires_at: endsAtMs, idle_ms: null, ends_at: null }
    : { expires_at: createdAtMs + idleMs, idle_ms: idleMs, ends_at: endsAtMs }
}

/** The times of the last «log out everywhere» of this user and of all users, and whether a second factor is on. */
const lastLogouts = preparedQuery((db, { userId }: { userId: UserId }) =>
  db
    .selectFrom('users')
    .select(eb => [
      'force_logout_at',
      eb
        .selectFrom('mass_logouts')
        .select(({ fn }) => fn.max<EpochMs | null>('before_at').as('latest'))
        .as('everybody_at'),
      eb
        .exists(
          eb
            .selectFrom('factors')
            .select('factors.id')
            .whereRef('factors.user_id', '=', 'users.id')
            .where('factors.confirmed_at', 'is not', null),
        )
        .as('has_factor'),
    ])
    .where('id', '=', userId),
)

interface DeviceUsedNow {
  readonly userId: UserId
  readonly rememberedDeviceId: number | undefined
  readonly nowMs: EpochMs
}

/** Whether this remembered device of the account was used at this instant. */
async function isUsedNow(db: Handle, { userId, rememberedDeviceId, nowMs }: DeviceUsedNow): Promise<boolean> {
  if (rememberedDeviceId === undefined) return false
  const row = await db
    .selectFrom('remembered_devices')
    .select('id')
    .where('id', '=', rememberedDeviceId)
    .where('user_id', '=', userId)
    .where('last_used_at', '=', nowMs)
    .executeTakeFirst()
  return row !== undefined
}

/** What differs from one session that begins to another. */
type NewSessionRow = Required<
  Pick<
    Insertable<SessionsTable>,
    | 'uuid'
    | 'user_id'
    | 'ip_address'
    | 'user_agent'
    | 'created_at'
    | 'expires_at'
    | 'idle_ms'
    | 'ends_at'
    | 'acr'
    | 'amr'
  >
>

const addSession = preparedQuery((db, row: NewSessionRow) =>
  db
    .insertInto('sessions')
    .values({
      uuid: row.uuid,
      user_id: row.user_id,
      ip_address: row.ip_address,
      user_agent: row.user_agent,
      created_at: row.created_at,
      last_used_at: row.created_at,
      expires_at: row.expires_at,
      idle_ms: row.idle_ms,
      ends_at: row.ends_at,
      is_active: true,
      ended_at: null,
      end_reason: null,
      auth_time: row.created_at,
      acr: row.acr,
      amr: row.amr,
    })
    .returning(sessionColumns),
)
