import { levelOf } from '@propusk/gate/core'
import {
  type ClientInfo,
  type EpochMs,
  type Page,
  type PageRequest,
  type Random,
  Rejection,
  type RowCount,
  type SessionId,
  type SessionRowId,
  type UserId,
} from '../kernel/index.ts'
import { type Handle, preparedQuery } from '../store/index.ts'
import { userAgentsBefore } from './earlier-devices.sql.ts'
import {
  type Authentication,
  byPassword,
  type EndReason,
  type Session,
  type SessionColumn,
  type SessionFilter,
  type SessionLife,
  type UsableSession,
} from './session.ts'
import { sqlSessionEndings } from './session-endings.sql.ts'
import { countSessions, listSessions } from './session-list.sql.ts'
import {
  columnsOf,
  endedByMassLogout,
  expiryAfterUse,
  liveAt,
  sessionColumns,
  toSession,
  usableAt,
} from './session-row.sql.ts'

export type SessionStore = ReturnType<typeof sqlSessionStore>

const column = columnsOf('sessions')

export const sqlSessionStore = (db: Handle, random: Random) => ({
  ...sqlSessionEndings(db),

  /**
   * Starts a session. INVARIANT: it begins after the last «log out everywhere» of this user, and of all users, even
   * when two clocks disagree; the caller's transaction holds the user's row (it has just inserted or updated it).
   * INVARIANT: no session of an account with a second factor begins without one, whichever way leads here (ADR 46),
   * unless by a device that was remembered and used in this transaction (ADR 50): rejects with `invalid_credentials`.
   */
  async start({
    userId,
    origin,
    nowMs,
    ttlMs,
    idleMs,
    authentication = byPassword,
    rememberedDeviceId,
  }: {
    userId: UserId
    origin: ClientInfo
    nowMs: EpochMs
    ttlMs: number
    /** It ends when it was not used for so long; undefined gives it its whole life. */
    idleMs?: number | undefined
    authentication?: Authentication
    rememberedDeviceId?: number | undefined
  }): Promise<Session> {
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
      createdAtMs,
      ...lifeFrom(createdAtMs, ttlMs, idleMs),
      acr: authentication.acr,
      amr: authentication.amr.join(' '),
    })
    return toSession(row!)
  },

  async findById(id: SessionRowId): Promise<Session | undefined> {
    const row = await db.selectFrom('sessions').selectAll().where('id', '=', id).executeTakeFirst()
    return row && toSession(row)
  },

  /** Why these sessions are over, as far as they are. */
  async endReasons(uuids: readonly SessionId[]): Promise<ReadonlyMap<SessionId, EndReason>> {
    const rows = await db
      .selectFrom('sessions')
      .select(['uuid', 'end_reason', endedByMassLogout(column).as('is_over')])
      .where('uuid', 'in', uuids)
      .execute()
    return new Map(
      rows.flatMap(row => {
        // A logout of all users has ended the session, and its row has not been updated yet.
        const reason = row.end_reason ?? (row.is_over ? 'ended_by_admin' : null)
        return reason === null ? [] : [[row.uuid as SessionId, reason as EndReason]]
      }),
    )
  },

  /**
   * Notes a use and locks the row; undefined when the session is over, also when a mass logout ended it and its row does
   * not say so yet.
   */
  async touch(uuid: SessionId, nowMs: EpochMs): Promise<Session | undefined> {
    const [row] = await touchSession(db, { uuid, nowMs })
    return row && toSession(row)
  },

  /**
   * Notes that the owner of a session has proved once more who is there; undefined when the session is over.
   * INVARIANT: the one statement by which a session that has begun gets another time or level of authentication.
   */
  async authenticateAgain(
    uuid: SessionId,
    { acr, amr }: Authentication,
    nowMs: EpochMs,
  ): Promise<Session | undefined> {
    const row = await db
      .updateTable('sessions')
      .set({
        auth_time: nowMs,
        acr,
        amr: amr.join(' '),
        last_used_at: nowMs,
        expires_at: expiryAfterUse(nowMs, column),
      })
      .where('uuid', '=', uuid)
      .where(usableAt(nowMs, column))
      .returning(sessionColumns)
      .executeTakeFirst()
    return row && toSession(row)
  },

  /** Whether the session lives and its account is active. */
  isUsable: async (uuid: SessionId, nowMs: EpochMs): Promise<boolean> =>
    (await usableSession(db, { uuid, nowMs })).length > 0,

  /** When the session was last used, and how its owner was authenticated; undefined unless it lives and its account is active. */
  async findUsable(uuid: SessionId, nowMs: EpochMs): Promise<UsableSession | undefined> {
    const [row] = await usableSession(db, { uuid, nowMs })
    if (row === undefined) return undefined
    const { last_used_at: lastUsedAtMs, auth_time, acr, created_at } = row
    const authentication = { acr: levelOf(acr ?? undefined), authTimeMs: auth_time ?? created_at }
    return { lastUsedAtMs, authentication }
  },

  /** When the session ends if it is not used, and after how long without a use; as `findUsable`, and no use itself. */
  async lifeOf(uuid: SessionId, nowMs: EpochMs): Promise<SessionLife | undefined> {
    const [row] = await usableSession(db, { uuid, nowMs })
    return row && { expiresAtMs: row.expires_at, idleMs: row.idle_ms }
  },

  /** See there. */
  userAgentsBefore: (session: Pick<Session, 'id' | 'userId'>) => userAgentsBefore(db, session),

  /** Live sessions of a user, newest use first. */
  async listLive(userId: UserId, nowMs: EpochMs): Promise<readonly Session[]> {
    const rows = await db
      .selectFrom('sessions')
      .selectAll()
      .where('user_id', '=', userId)
      .where(liveAt(nowMs))
      .orderBy('last_used_at', 'desc')
      .orderBy('id', 'desc')
      .execute()
    return rows.map(toSession)
  },

  /** Rows as they stand now: `sessionAsOf`. */
  list: (filter: SessionFilter, page: PageRequest<SessionColumn>, nowMs: EpochMs): Promise<Page<Session>> =>
    listSessions(db, filter, page, nowMs),

  countListed: (filter: SessionFilter, nowMs: EpochMs): Promise<RowCount> => countSessions(db, filter, nowMs),

  /** From an index alone; still, it takes tens of milliseconds among a million. */
  async countLive(nowMs: EpochMs): Promise<number> {
    const { count } = await db
      .selectFrom('sessions')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .where(liveAt(nowMs))
      .executeTakeFirstOrThrow()
    return count
  },
})

/** An idle time that is no shorter than the life says nothing. */
function lifeFrom(createdAtMs: EpochMs, ttlMs: number, idleMs: number | undefined) {
  const endsAtMs = createdAtMs + ttlMs
  return idleMs === undefined || idleMs >= ttlMs
    ? { expires_at: endsAtMs, idle_ms: null, ends_at: null }
    : { expires_at: createdAtMs + idleMs, idle_ms: idleMs, ends_at: endsAtMs }
}

const touchSession = preparedQuery((db, { uuid, nowMs }: { uuid: SessionId; nowMs: EpochMs }) =>
  db
    .updateTable('sessions')
    .set({ last_used_at: nowMs, expires_at: expiryAfterUse(nowMs, column) })
    .where('uuid', '=', uuid)
    .where(usableAt(nowMs, column))
    .returning(sessionColumns),
)

const usableSession = preparedQuery((db, { uuid, nowMs }: { uuid: SessionId; nowMs: EpochMs }) =>
  db
    .selectFrom('sessions')
    .innerJoin('users', 'users.id', 'sessions.user_id')
    .select([
      'sessions.last_used_at',
      'sessions.expires_at',
      'sessions.idle_ms',
      'sessions.auth_time',
      'sessions.acr',
      'sessions.created_at',
    ])
    .where('sessions.uuid', '=', uuid)
    .where(usableAt(nowMs, column))
    .where('users.is_active', '=', true),
)

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

const addSession = preparedQuery(
  (
    db,
    {
      uuid,
      user_id,
      ip_address,
      user_agent,
      createdAtMs,
      expires_at,
      idle_ms,
      ends_at,
      acr,
      amr,
    }: {
      uuid: string
      user_id: UserId
      ip_address: string
      user_agent: string
      createdAtMs: EpochMs
      expires_at: EpochMs
      idle_ms: number | null
      ends_at: EpochMs | null
      acr: string
      amr: string
    },
  ) =>
    db
      .insertInto('sessions')
      .values({
        uuid,
        user_id,
        ip_address,
        user_agent,
        created_at: createdAtMs,
        last_used_at: createdAtMs,
        expires_at,
        idle_ms,
        ends_at,
        is_active: true,
        ended_at: null,
        end_reason: null,
        auth_time: createdAtMs,
        acr,
        amr,
      })
      .returning(sessionColumns),
)
