import { type Selectable, sql } from 'kysely'
import type { EpochMs, Random, SessionId, SessionUuid, UserId } from '../kernel/index.ts'
import { type Handle, hotQuery, paginate, type SessionsTable } from '../store/index.ts'
import { type EndReason, type Session, settled } from './session.ts'
import type { SessionColumn, SessionStore } from './session-store.ts'

/** A row that no clean-up has reached yet is ordered as `settled` shows it, and null as if empty. */
const orderKeys = (nowMs: number): Record<SessionColumn, ReturnType<typeof sql>> => {
  const lapsed = sql`is_active = ${true} and expires_at <= ${nowMs}`
  return {
    id: sql`id`,
    uuid: sql`uuid`,
    user_id: sql`user_id`,
    ip_address: sql`ip_address`,
    user_agent: sql`user_agent`,
    created_at: sql`created_at`,
    last_used_at: sql`last_used_at`,
    expires_at: sql`expires_at`,
    is_active: sql`case when is_active = ${true} and expires_at > ${nowMs} then 1 else 0 end`,
    ended_at: sql`case when ${lapsed} then expires_at else coalesce(ended_at, 0) end`,
    end_reason: sql`case when ${lapsed} then 'expired' else coalesce(end_reason, '') end`,
  }
}

/** How many expired sessions one sweep ends: a short transaction, repeated by the timer. */
const sweepSize = 1000

/** How many sessions one sign-in may end at most: what it does stays a short transaction. */
const mostEvicted = 500

const touchSession = hotQuery((db, uuid: SessionUuid, nowMs: EpochMs) =>
  db
    .updateTable('sessions')
    .set({ last_used_at: nowMs })
    .where('uuid', '=', uuid)
    .where('is_active', '=', true)
    .where('expires_at', '>', nowMs)
    .returningAll(),
)

const activeSessions = hotQuery((db, userId: UserId, most: number) =>
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
      // One that nobody ended was over when its time was, not when a sweep came by.
      .set({ is_active: false, ended_at: reason === 'expired' ? sql`expires_at` : nowMs, end_reason: reason })
      .where('is_active', '=', true)
      .where(condition)
      .returningAll()
      .execute()
    // Few at a time: the number of bound values is limited on both engines.
    for (let start = 0; start < rows.length; start += 500) {
      const ids = rows.slice(start, start + 500).map(row => row.id)
      await db
        .updateTable('refresh_tokens')
        .set({ is_revoked: true, revoked_at: nowMs })
        .where('session_id', 'in', ids)
        .where('is_revoked', '=', false)
        .execute()
    }
    return rows.map(toSession)
  }

  const endLive = async (condition: ReturnType<typeof sql<boolean>>, reason: EndReason, nowMs: number) =>
    (await endWhere(sql<boolean>`${condition} and expires_at > ${nowMs}`, reason, nowMs))[0]

  return {
    async start({ userId, origin, nowMs, ttlMs }) {
      const user = await db
        .selectFrom('users')
        .select('force_logout_at')
        .where('id', '=', userId)
        .executeTakeFirstOrThrow()
      const createdAtMs = Math.max(nowMs, (user.force_logout_at ?? 0) + 1)
      const row = await db
        .insertInto('sessions')
        .values({
          uuid: random.orderedUuid(createdAtMs),
          user_id: userId,
          ip_address: origin.ipAddress,
          user_agent: origin.userAgent,
          created_at: createdAtMs,
          last_used_at: createdAtMs,
          expires_at: createdAtMs + ttlMs,
          is_active: true,
          ended_at: null,
          end_reason: null,
        })
        .returningAll()
        .executeTakeFirstOrThrow()
      return toSession(row)
    },

    async findById(id) {
      const row = await db.selectFrom('sessions').selectAll().where('id', '=', id).executeTakeFirst()
      return row && toSession(row)
    },

    async touch(uuid, nowMs) {
      const [row] = await touchSession(db, uuid, nowMs)
      return row && toSession(row)
    },

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

    async list(filter, page, nowMs) {
      const query = db
        .selectFrom('sessions')
        .selectAll()
        .$if(filter.userId !== undefined, q => q.where('user_id', '=', filter.userId!))
        .$if(filter.isActive === true, q => q.where('is_active', '=', true).where('expires_at', '>', nowMs))
        .$if(filter.isActive === false, q =>
          q.where(eb => eb.or([eb('is_active', '=', false), eb('expires_at', '<=', nowMs)])),
        )
      const keys = orderKeys(nowMs)
      const { rows, ...rest } = await paginate(
        query,
        { value: keys[page.ordering.column], id: keys.id },
        page,
      )
      return { ...rest, rows: rows.map(row => settled(toSession(row), nowMs)) }
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
      const [far] = await activeSessions(db, userId, most + 1)
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
      // The update takes the user's row first, so a sign-in under way either has its session ended here or
      // begins it after the mark.
      const user = await db
        .updateTable('users')
        .set({ updated_at: sql<number>`updated_at` })
        .where('id', '=', userId)
        .returning('force_logout_at')
        .executeTakeFirstOrThrow()
      const ended = await endWhere(sql<boolean>`user_id = ${userId}`, reason, nowMs)
      const beforeMs = ended.reduce(
        (latest, session) => Math.max(latest, session.createdAtMs),
        Math.max(nowMs, user.force_logout_at ?? 0),
      )
      await db.updateTable('users').set({ force_logout_at: beforeMs }).where('id', '=', userId).execute()
      return { count: ended.filter(session => session.expiresAtMs > nowMs).length, beforeMs }
    },

    async endExpired(nowMs) {
      const ended = await endWhere(
        sql<boolean>`id in (select id from sessions where is_active = ${true} and expires_at <= ${nowMs} order by expires_at limit ${sweepSize})`,
        'expired',
        nowMs,
      )
      return ended.length
    },
  }
}

const toSession = (row: Selectable<SessionsTable>): Session => ({
  id: row.id as SessionId,
  uuid: row.uuid as SessionUuid,
  userId: row.user_id as UserId,
  ipAddress: row.ip_address,
  userAgent: row.user_agent,
  createdAtMs: row.created_at,
  lastUsedAtMs: row.last_used_at,
  expiresAtMs: row.expires_at,
  isActive: Boolean(row.is_active),
  endedAtMs: row.ended_at,
  endReason: row.end_reason as EndReason | null,
})
