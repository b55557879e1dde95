import { sql } from 'kysely'
import { type EpochMs, type Random, rowsPerSweep, type SessionId, type UserId } from '../kernel/index.ts'
import { type Handle, lockRows, preparedQuery } from '../store/index.ts'
import { overByMassLogout } from './over-by-mass-logout.sql.ts'
import type { EndReason } from './session.ts'
import { listSessions } from './session-list.sql.ts'
import { sessionColumns, toSession } from './session-row.sql.ts'
import type { SessionStore } from './session-store.ts'

/** How many sessions one sign-in may end at most: what it does stays a short transaction. */
const mostEvicted = 500

const touchSession = preparedQuery((db, { uuid, nowMs }: { uuid: SessionId; nowMs: EpochMs }) =>
  db
    .updateTable('sessions')
    .set({ last_used_at: nowMs })
    .where('uuid', '=', uuid)
    .where('is_active', '=', true)
    .where('expires_at', '>', nowMs)
    .where(sql<boolean>`not ${overByMassLogout('sessions')}`)
    .returning(sessionColumns),
)

const usableSession = preparedQuery((db, { uuid, nowMs }: { uuid: SessionId; nowMs: EpochMs }) =>
  db
    .selectFrom('sessions')
    .innerJoin('users', 'users.id', 'sessions.user_id')
    .select('sessions.id')
    .where('sessions.uuid', '=', uuid)
    .where('sessions.is_active', '=', true)
    .where('sessions.expires_at', '>', nowMs)
    .where('users.is_active', '=', true)
    .where(sql<boolean>`not ${overByMassLogout('sessions')}`),
)

/** The times of the last «log out everywhere» of this user and of all users. */
const logoutMarks = preparedQuery((db, { userId }: { userId: UserId }) =>
  db
    .selectFrom('users')
    .select(eb => [
      'force_logout_at',
      eb
        .selectFrom('mass_logouts')
        .select(({ fn }) => fn.max<EpochMs | null>('before_at').as('latest'))
        .as('everybody_at'),
    ])
    .where('id', '=', userId),
)

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
    }: {
      uuid: string
      user_id: UserId
      ip_address: string
      user_agent: string
      createdAtMs: EpochMs
      expires_at: EpochMs
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
        is_active: true,
        ended_at: null,
        end_reason: null,
      })
      .returning(sessionColumns),
)

/** Of those that go on and of those that have run out alike. */
const endOfUser = preparedQuery(
  (db, { userId, end_reason, ended_at }: { userId: UserId; end_reason: EndReason; ended_at: EpochMs }) =>
    db
      .updateTable('sessions')
      .set({ is_active: false, ended_at, end_reason })
      .where('is_active', '=', true)
      .where('user_id', '=', userId)
      .returning(sessionColumns),
)

const lockMark = preparedQuery((db, { userId }: { userId: UserId }) =>
  lockRows(db, db.selectFrom('users').select('force_logout_at').where('id', '=', userId)),
)

const setMark = preparedQuery(
  (db, { userId, force_logout_at }: { userId: UserId; force_logout_at: EpochMs }) =>
    db.updateTable('users').set({ force_logout_at }).where('id', '=', userId),
)

const activeSessions = preparedQuery((db, { userId, most }: { userId: UserId; most: number }) =>
  db
    .selectFrom(
      db
        .selectFrom('sessions')
        .select('user_id')
        .where('user_id', '=', userId)
        .where('is_active', '=', true)
        .limit(most)
        .as('active'),
    )
    .select(eb => eb.fn.countAll<number>().as('count')),
)

export const sqlSessionStore = (db: Handle, random: Random): SessionStore => {
  const endWhere = async (condition: ReturnType<typeof sql<boolean>>, reason: EndReason, nowMs: number) => {
    const rows = await db
      .updateTable('sessions')
      // A session that expired ended at its expiry, not at the time of the sweep.
      .set({ is_active: false, ended_at: reason === 'expired' ? sql`expires_at` : nowMs, end_reason: reason })
      .where('is_active', '=', true)
      .where(condition)
      .returningAll()
      .execute()
    // No token outlives its session, and a long one may have thousands: those of one that has run out are over as it is.
    if (reason !== 'expired') {
      await revokeTokens(
        rows.map(({ id }) => id),
        nowMs,
      )
    }
    return rows.map(toSession)
  }

  const revokeTokens = async (sessionIds: readonly number[], nowMs: number) => {
    // Few at a time: the number of bound values is limited on both engines.
    for (let start = 0; start < sessionIds.length; start += 500) {
      await db
        .updateTable('refresh_tokens')
        .set({ is_revoked: true, revoked_at: nowMs })
        .where('session_id', 'in', sessionIds.slice(start, start + 500))
        .where('is_revoked', '=', false)
        .execute()
    }
  }

  const endLive = async (condition: ReturnType<typeof sql<boolean>>, reason: EndReason, nowMs: number) =>
    (await endWhere(sql<boolean>`${condition} and expires_at > ${nowMs}`, reason, nowMs))[0]

  return {
    async start({ userId, origin, nowMs, ttlMs }) {
      const [user] = await logoutMarks(db, { userId })
      if (user === undefined) throw new Error(`There is no user ${userId} who could sign in.`)
      const loggedOutAtMs = Math.max(user.force_logout_at ?? 0, user.everybody_at ?? 0)
      const createdAtMs = Math.max(nowMs, loggedOutAtMs + 1)
      const uuid = random.orderedUuid(createdAtMs)
      const { ipAddress, userAgent } = origin
      const [row] = await addSession(db, {
        uuid,
        user_id: userId,
        ip_address: ipAddress,
        user_agent: userAgent,
        createdAtMs,
        expires_at: createdAtMs + ttlMs,
      })
      return toSession(row!)
    },

    async findById(id) {
      const row = await db.selectFrom('sessions').selectAll().where('id', '=', id).executeTakeFirst()
      return row && toSession(row)
    },

    async endReasons(uuids) {
      const rows = await db
        .selectFrom('sessions')
        .select(['uuid', 'end_reason', overByMassLogout('sessions').as('is_over')])
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

    async touch(uuid, nowMs) {
      const [row] = await touchSession(db, { uuid, nowMs })
      return row && toSession(row)
    },

    isUsable: async (uuid, nowMs) => (await usableSession(db, { uuid, nowMs })).length > 0,

    async listLive(userId, nowMs) {
      const rows = await db
        .selectFrom('sessions')
        .selectAll()
        .where('user_id', '=', userId)
        .where('is_active', '=', true)
        .where('expires_at', '>', nowMs)
        .orderBy('last_used_at', 'desc')
        .orderBy('id', 'desc')
        .execute()
      return rows.map(toSession)
    },

    list: (filter, page, nowMs) => listSessions(db, filter, page, nowMs),

    async countLive(nowMs) {
      const { count } = await db
        .selectFrom('sessions')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .where('is_active', '=', true)
        .where('expires_at', '>', nowMs)
        .executeTakeFirstOrThrow()
      return count
    },

    endByUuid: (uuid, reason, nowMs) => endLive(sql<boolean>`uuid = ${uuid}`, reason, nowMs),
    endById: (id, reason, nowMs) => endLive(sql<boolean>`id = ${id}`, reason, nowMs),
    endOthers: (userId, kept, reason, nowMs) =>
      endWhere(
        sql<boolean>`user_id = ${userId} and uuid != ${kept} and expires_at > ${nowMs}`,
        reason,
        nowMs,
      ),

    async endBeyond({ userId, kept, most }, reason, nowMs) {
      // Nearly every account is far below: that is told from the index alone, which does not know what has run out.
      const [far] = await activeSessions(db, { userId, most: most + 1 })
      if (Number(far?.count) <= most) return []
      const live = db
        .selectFrom('sessions')
        .where('user_id', '=', userId)
        .where('is_active', '=', true)
        .where('expires_at', '>', nowMs)
      const { count } = await db
        .selectFrom(
          live
            .select('id')
            .limit(most + mostEvicted)
            .as('live'),
        )
        .select(eb => eb.fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow()
      const excess = count - most
      if (excess <= 0) return []
      const oldest = await live
        .select('id')
        .where('id', '!=', kept)
        .orderBy('last_used_at')
        .orderBy('id')
        .limit(excess)
        .execute()
      return endWhere(sql<boolean>`id in (${sql.join(oldest.map(({ id }) => id))})`, reason, nowMs)
    },

    async endAll(userId, reason, nowMs) {
      // The user's row is locked first, so a sign-in under way either has its session ended here or
      // begins it after the mark. On PostgreSQL both travel together, and the server runs them in this order.
      const [[user], rows] = await Promise.all([
        lockMark(db, { userId }),
        endOfUser(db, { userId, end_reason: reason, ended_at: nowMs }),
      ])
      if (user === undefined) throw new Error(`There is no user ${userId} whose sessions could end.`)
      const ended = rows.map(toSession)
      const beforeMs = ended.reduce(
        (latest, session) => Math.max(latest, session.createdAtMs),
        // Each revocation moves the mark, also within one millisecond: device tokens are bound to it (ADR 32).
        Math.max(nowMs, (user.force_logout_at ?? 0) + 1),
      )
      await Promise.all([
        revokeTokens(
          ended.map(({ id }) => id),
          nowMs,
        ),
        setMark(db, { userId, force_logout_at: beforeMs }),
      ])
      return { count: ended.filter(session => session.expiresAtMs > nowMs).length, beforeMs }
    },

    async eraseOrigins(userId) {
      await db
        .updateTable('sessions')
        .set({ ip_address: '', user_agent: '' })
        .where('user_id', '=', userId)
        .execute()
      await db
        .updateTable('refresh_tokens')
        .set({ ip_address: null, user_agent: '' })
        .where('user_id', '=', userId)
        .execute()
    },

    async eraseOldOrigins(endedBeforeMs) {
      // The conditions of a partial index, which holds those sessions alone that still say where they came from.
      const old = await db
        .selectFrom('sessions')
        .select('id')
        .where('ended_at', 'is not', null)
        .where('ip_address', '<>', '')
        .where('ended_at', '<', endedBeforeMs)
        .orderBy('ended_at')
        .limit(rowsPerSweep)
        .execute()
      if (old.length === 0) return 0
      const ids = old.map(({ id }) => id)
      // A session may have thousands of tokens: first those, a portion at a time, then the session.
      const tokens = await db
        .updateTable('refresh_tokens')
        .set({ ip_address: null, user_agent: '' })
        .where('jti', 'in', q =>
          q
            .selectFrom('refresh_tokens')
            .select('jti')
            .where('session_id', 'in', ids)
            .where('ip_address', 'is not', null)
            .limit(rowsPerSweep),
        )
        .executeTakeFirst()
      if (Number(tokens.numUpdatedRows) === rowsPerSweep) return rowsPerSweep
      const sessions = await db
        .updateTable('sessions')
        .set({ ip_address: '', user_agent: '' })
        .where('id', 'in', ids)
        .executeTakeFirst()
      return Number(tokens.numUpdatedRows) + Number(sessions.numUpdatedRows)
    },

    async deleteOld(expiredBeforeMs) {
      const { numDeletedRows } = await db
        .deleteFrom('sessions')
        .where('id', 'in', q =>
          q
            .selectFrom('sessions')
            .select('id')
            .where('is_active', '=', false)
            .where('expires_at', '<', expiredBeforeMs)
            .orderBy('expires_at')
            .limit(rowsPerSweep),
        )
        .executeTakeFirst()
      return Number(numDeletedRows)
    },

    async endExpired(nowMs) {
      const ended = await endWhere(
        sql<boolean>`id in (select id from sessions where is_active = ${true} and expires_at <= ${nowMs} order by expires_at limit ${rowsPerSweep})`,
        'expired',
        nowMs,
      )
      return ended.length
    },
  }
}
