import { sql } from 'kysely'
import { type EpochMs, rowsPerSweep } from '../kernel/index.ts'
import { overByMassLogout } from '../sessions/index.ts'
import { type Handle, preparedQuery } from '../store/index.ts'
import type { RefreshTokenStore } from './refresh-token-store.ts'

const addToken = preparedQuery(
  (
    db,
    {
      jti,
      session_id,
      user_id,
      issued_at,
      expires_at,
      ip_address,
      user_agent,
    }: {
      jti: string
      session_id: number
      user_id: number
      issued_at: EpochMs
      expires_at: EpochMs
      ip_address: string
      user_agent: string
    },
  ) =>
    db.insertInto('refresh_tokens').values({
      jti,
      session_id,
      user_id,
      issued_at,
      expires_at,
      is_revoked: false,
      revoked_at: null,
      ip_address,
      user_agent,
      last_used_at: null,
      spent_at: null,
      successor_jti: null,
      successor_sealed: null,
    }),
)

/** The one guarded statement that decides who won: everything that must hold stands in its condition. */
const spendToken = preparedQuery(
  (
    db,
    {
      jti,
      sessionId,
      successor_jti,
      successor_sealed,
      nowMs,
    }: { jti: string; sessionId: number; successor_jti: string; successor_sealed: string; nowMs: EpochMs },
  ) =>
    db
      .updateTable('refresh_tokens')
      .set({ spent_at: nowMs, last_used_at: nowMs, successor_jti, successor_sealed })
      .where('jti', '=', jti)
      .where('session_id', '=', sessionId)
      .where('spent_at', 'is', null)
      .where('is_revoked', '=', false)
      .where('expires_at', '>', nowMs)
      .returning('jti'),
)

export const sqlRefreshTokenStore = (db: Handle): RefreshTokenStore => ({
  async add(token) {
    const { jti, sessionId, userId, issuedAtMs, expiresAtMs, origin } = token
    await addToken(db, {
      jti,
      session_id: sessionId,
      user_id: userId,
      issued_at: issuedAtMs,
      expires_at: expiresAtMs,
      ip_address: origin.ipAddress,
      user_agent: origin.userAgent,
    })
  },

  async spend(jti, sessionId, successor, nowMs) {
    const [row] = await spendToken(db, {
      jti,
      sessionId,
      successor_jti: successor.jti,
      successor_sealed: successor.sealed,
      nowMs,
    })
    return row !== undefined
  },

  async findSpent(jti, sessionId) {
    const row = await db
      .selectFrom('refresh_tokens as t')
      .leftJoin('refresh_tokens as s', 's.jti', 't.successor_jti')
      .select(['t.spent_at', 't.successor_sealed', 's.spent_at as successor_spent_at', 's.is_revoked'])
      .where('t.jti', '=', jti)
      .where('t.session_id', '=', sessionId)
      .where('t.spent_at', 'is not', null)
      .executeTakeFirst()
    return (
      row && {
        spentAtMs: row.spent_at!,
        successorSealed: row.successor_sealed!,
        isSuccessorUntouched: row.is_revoked !== null && !row.is_revoked && row.successor_spent_at === null,
      }
    )
  },

  async isUsable(jti, session, nowMs) {
    const row = await db
      .selectFrom('refresh_tokens as t')
      .innerJoin('sessions as s', 's.id', 't.session_id')
      .select('t.jti')
      .where('t.jti', '=', jti)
      .where('s.uuid', '=', session)
      .where('s.is_active', '=', true)
      .where(sql<boolean>`not ${overByMassLogout('s')}`)
      .where('t.spent_at', 'is', null)
      .where('t.is_revoked', '=', false)
      .where('t.expires_at', '>', nowMs)
      .executeTakeFirst()
    return row !== undefined
  },

  async deleteExpired(beforeMs) {
    const result = await db
      .deleteFrom('refresh_tokens')
      .where('jti', 'in', q =>
        q.selectFrom('refresh_tokens').select('jti').where('expires_at', '<', beforeMs).limit(rowsPerSweep),
      )
      .executeTakeFirst()
    return Number(result.numDeletedRows)
  },
})
