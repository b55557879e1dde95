import { type RawBuilder, sql } from 'kysely'
import {
  type EpochMs,
  rowsPerSweep,
  type SessionId,
  type SessionRowId,
  type UserId,
} from '../kernel/index.ts'
import { type Handle, lockRows, preparedQuery } from '../store/index.ts'
import { type EndReason, isExpired, type Session } from './session.ts'
import {
  endedBefore,
  expiredAt,
  expiredBefore,
  expiryReason,
  liveAt,
  sessionColumns,
  toSession,
} from './session-row.sql.ts'

/** How many sessions one sign-in may end at most: what it does stays a short transaction. */
const mostEvicted = 500

/**
 * How sessions end, and what is kept of those that have. Ending a session before its time also revokes its refresh tokens,
 * in the same transaction. Every method that ends something is one guarded statement: a session ends once, with one reason.
 */
export const sqlSessionEndings = (db: Handle) => {
  const endWhere = async (
    condition: RawBuilder<boolean>,
    reason: EndReason,
    nowMs: EpochMs,
  ): Promise<readonly Session[]> => {
    const rows = await db
      .updateTable('sessions')
      .set({
        is_active: false,
        // A session that expired ended at its expiry, not at the time of the sweep.
        ...(reason === 'expired'
          ? { ended_at: sql<EpochMs>`expires_at`, end_reason: expiryReason }
          : { ended_at: nowMs, end_reason: reason }),
      })
      .where('is_active', '=', true)
      .where(condition)
      .returningAll()
      .execute()
    const ids = rows.map(({ id }) => id)
    // No token outlives its session, and a long one may have thousands: those of one that has run out are over as it is.
    if (reason !== 'expired') await revokeTokensOf(db, ids, nowMs)
    return rows.map(toSession)
  }

  const endLive = async (condition: RawBuilder<boolean>, reason: EndReason, nowMs: EpochMs) =>
    (await endWhere(sql<boolean>`${condition} and ${liveAt(nowMs)}`, reason, nowMs))[0]

  return {
    /** Ends one live session; undefined when there is none, or it has ended before. */
    endByUuid: (uuid: SessionId, reason: EndReason, nowMs: EpochMs): Promise<Session | undefined> =>
      endLive(sql<boolean>`uuid = ${uuid}`, reason, nowMs),

    endById: (id: SessionRowId, reason: EndReason, nowMs: EpochMs): Promise<Session | undefined> =>
      endLive(sql<boolean>`id = ${id}`, reason, nowMs),

    /** Ends every session of the user but one; gives those that it ended. */
    endOthers: (
      userId: UserId,
      kept: SessionId,
      reason: EndReason,
      nowMs: EpochMs,
    ): Promise<readonly Session[]> =>
      endWhere(sql<boolean>`user_id = ${userId} and uuid != ${kept} and ${liveAt(nowMs)}`, reason, nowMs),

    /**
     * Ends those live sessions of the user that were used longest ago, until `most` are left, and gives them; `kept`
     * is not among them. At most some hundreds at once: lowering the bound takes effect over a few sign-ins.
     */
    async endBeyond(
      { userId, kept, most }: { userId: UserId; kept: SessionRowId; most: number },
      reason: EndReason,
      nowMs: EpochMs,
    ): Promise<readonly Session[]> {
      // Nearly every account is far below: the index alone says so, which does not know what has run out.
      const [far] = await activeSessions(db, { userId, most: most + 1 })
      if (Number(far?.count) <= most) return []
      const live = db.selectFrom('sessions').where('user_id', '=', userId).where(liveAt(nowMs))
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

    /**
     * Ends every session of the user. `beforeMs` is an instant that no ended session began after and every
     * later one does: what the ledger says to the gates.
     */
    async endAll(
      userId: UserId,
      reason: EndReason,
      nowMs: EpochMs,
    ): Promise<{ count: number; beforeMs: EpochMs }> {
      // The user's row is locked first, so a sign-in in progress either has its session ended here or
      // begins it after this logout. On PostgreSQL both travel together, and the server runs them in this order.
      const [[user], rows] = await Promise.all([
        lockLastLogout(db, { userId }),
        endOfUser(db, { userId, end_reason: reason, ended_at: nowMs }),
      ])
      if (user === undefined) throw new Error(`There is no user ${userId} whose sessions could end.`)
      const ended = rows.map(toSession)
      const beforeMs = ended.reduce(
        (latest, session) => Math.max(latest, session.createdAtMs),
        // Each revocation moves the instant, also within one millisecond: device tokens are bound to it (ADR 32).
        Math.max(nowMs, (user.force_logout_at ?? 0) + 1),
      )
      const ids = ended.map(({ id }) => id)
      await Promise.all([
        revokeTokensOf(db, ids, nowMs),
        setLastLogout(db, { userId, force_logout_at: beforeMs }),
      ])
      return { count: ended.filter(session => !isExpired(session, nowMs)).length, beforeMs }
    },

    /** Marks some sessions whose time is over, as their tokens' is; gives their number. */
    async endExpired(nowMs: EpochMs): Promise<number> {
      const some = sql`select id from sessions where ${expiredAt(nowMs)} order by expires_at limit ${rowsPerSweep}`
      return (await endWhere(sql<boolean>`id in (${some})`, 'expired', nowMs)).length
    },

    /** Removes where the sessions of a user, and the uses of their tokens, came from: addresses and user agents. */
    async eraseOrigins(userId: UserId): Promise<void> {
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

    /**
     * Removes the same from some sessions that ended before this instant, and gives how many rows it has changed: 0 when
     * there is none left.
     */
    async eraseOldOrigins(endedBeforeMs: EpochMs): Promise<number> {
      // The conditions of a partial index, which holds those sessions alone that still say where they came from.
      const old = await db
        .selectFrom('sessions')
        .select('id')
        .where(endedBefore(endedBeforeMs))
        .where('ip_address', '<>', '')
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

    /**
     * Deletes some sessions whose time was over before this instant, whether they ended then or sooner; gives their number.
     * INVARIANT: asked for only when no token of them can be alive, as tokens are validated without their row as over.
     */
    async deleteOld(beforeMs: EpochMs): Promise<number> {
      const { numDeletedRows } = await db
        .deleteFrom('sessions')
        .where('id', 'in', q =>
          q
            .selectFrom('sessions')
            .select('id')
            .where('is_active', '=', false)
            .where(expiredBefore(beforeMs))
            .orderBy('expires_at')
            .limit(rowsPerSweep),
        )
        .executeTakeFirst()
      return Number(numDeletedRows)
    },
  }
}

/** Few at a time: the number of bound values is limited on both engines. */
const sessionsPerUpdate = 500

export async function revokeTokensOf(
  db: Handle,
  sessionRowIds: readonly number[],
  nowMs: EpochMs,
): Promise<void> {
  for (let start = 0; start < sessionRowIds.length; start += sessionsPerUpdate) {
    await db
      .updateTable('refresh_tokens')
      .set({ is_revoked: true, revoked_at: nowMs })
      .where('session_id', 'in', sessionRowIds.slice(start, start + sessionsPerUpdate))
      .where('is_revoked', '=', false)
      .execute()
  }
}

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

const lockLastLogout = preparedQuery((db, { userId }: { userId: UserId }) =>
  lockRows(db, db.selectFrom('users').select('force_logout_at').where('id', '=', userId)),
)

const setLastLogout = preparedQuery(
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
