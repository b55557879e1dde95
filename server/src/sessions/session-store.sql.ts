import { levelOf } from '@propusk/gate/core'
import type {
  EpochMs,
  Page,
  PageRequest,
  Random,
  RowCount,
  SessionId,
  SessionRowId,
  UserId,
} from '../kernel/index.ts'
import { type Handle, preparedQuery } from '../store/index.ts'
import { userAgentsBefore } from './earlier-devices.sql.ts'
import type {
  Authentication,
  EndReason,
  Session,
  SessionColumn,
  SessionFilter,
  SessionLife,
  UsableSession,
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
import { type SessionStart, startSession } from './start-session.sql.ts'

export type SessionStore = ReturnType<typeof sqlSessionStore>

const column = columnsOf('sessions')

export const sqlSessionStore = (db: Handle, random: Random) => ({
  ...sqlSessionEndings(db),

  /** What it promises, `startSession` says. */
  start: (start: SessionStart): Promise<Session> => startSession(db, random, start),

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

  /** What it promises, `startSession` says. */
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
