import { type Selectable, sql } from 'kysely'
import type { EpochMs, SessionId } from '../kernel/index.ts'
import type { Handle, MassLogoutsTable } from '../store/index.ts'
import { revokeTokensOf } from './session-endings.sql.ts'
import { endedBy, liveAt } from './session-row.sql.ts'

/** A logout of all users: every session that began at or before `beforeMs` is over, except one. */
export interface MassLogout {
  readonly id: number
  readonly beforeMs: EpochMs
  /** The session of the superuser who signed all users out. */
  readonly except: SessionId
  readonly createdAtMs: EpochMs
  /** When it was certain that no more of its rows can come; null until then. */
  readonly finishedAtMs: EpochMs | null
}

export type MassLogoutStore = ReturnType<typeof sqlMassLogoutStore>

/**
 * INVARIANT: from the commit of `begin` on, no session that it ends gives another token, whether or not its own row says
 * that it is over: `usableAt` looks here too. So the rows can be ended little by little (ADR 22).
 */
export const sqlMassLogoutStore = (db: Handle) => {
  /** Found by the index on what is active, in the order in which it runs out. */
  const left = (logout: MassLogout, nowMs: EpochMs) =>
    db.selectFrom('sessions').where(liveAt(nowMs)).where(endedBy(logout))

  return {
    /** `beforeMs` is an instant that no session known by now began after; every session that starts later begins after it. */
    async begin(except: SessionId, nowMs: EpochMs): Promise<MassLogout> {
      // A node whose clock is ahead may have begun sessions that seem to begin later.
      const { latest } = await db
        .selectFrom('sessions')
        .select(({ fn }) => fn.max<EpochMs | null>('created_at').as('latest'))
        .executeTakeFirstOrThrow()
      const row = await db
        .insertInto('mass_logouts')
        .values({
          before_at: Math.max(nowMs, latest ?? 0),
          except_uuid: except,
          created_at: nowMs,
          finished_at: null,
        })
        .returningAll()
        .executeTakeFirstOrThrow()
      return toMassLogout(row)
    },

    async find(id: number): Promise<MassLogout | undefined> {
      const row = await db.selectFrom('mass_logouts').selectAll().where('id', '=', id).executeTakeFirst()
      return row && toMassLogout(row)
    },

    /** All that are still written down, the oldest first. */
    async list(): Promise<readonly MassLogout[]> {
      const rows = await db.selectFrom('mass_logouts').selectAll().orderBy('id').execute()
      return rows.map(toMassLogout)
    },

    /** How many live sessions are still to be ended. */
    async countLeft(logout: MassLogout, nowMs: EpochMs): Promise<number> {
      const { count } = await left(logout, nowMs)
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow()
      return Number(count)
    },

    async isLeft(logout: MassLogout, nowMs: EpochMs): Promise<boolean> {
      const row = await left(logout, nowMs).select('id').limit(1).executeTakeFirst()
      return row !== undefined
    },

    /** Ends at most `most` of their rows with their refresh tokens, those that would run out first; gives the number. */
    async endSome(logout: MassLogout, most: number, nowMs: EpochMs): Promise<number> {
      const some = left(logout, nowMs).select('id').orderBy('expires_at').limit(most)
      const rows = await db
        .updateTable('sessions')
        .set({ is_active: false, ended_at: nowMs, end_reason: 'ended_by_admin' })
        .where('is_active', '=', true)
        .where('id', 'in', some)
        .returning('id')
        .execute()
      const ids = rows.map(({ id }) => id)
      await revokeTokensOf(db, ids, nowMs)
      return ids.length
    },

    /** Nothing is left, and nothing can come any more. */
    async finish(id: number, nowMs: EpochMs): Promise<void> {
      await db
        .updateTable('mass_logouts')
        // The clock of another node may have been ahead of this one's.
        .set({ finished_at: sql<number>`case when created_at > ${nowMs} then created_at else ${nowMs} end` })
        .where('id', '=', id)
        .where('finished_at', 'is', null)
        .execute()
    },

    async delete(id: number): Promise<void> {
      await db.deleteFrom('mass_logouts').where('id', '=', id).execute()
    },
  }
}

const toMassLogout = (row: Selectable<MassLogoutsTable>): MassLogout => ({
  id: row.id,
  beforeMs: row.before_at,
  except: row.except_uuid as SessionId,
  createdAtMs: row.created_at,
  finishedAtMs: row.finished_at,
})
