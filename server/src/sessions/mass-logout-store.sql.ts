import { type Selectable, sql } from 'kysely'
import type { EpochMs, SessionId } from '../kernel/index.ts'
import type { Handle, MassLogoutsTable } from '../store/index.ts'
import type { MassLogout, MassLogoutStore } from './mass-logout-store.ts'

/** Few at a time: the number of bound values is limited on both engines. */
const tokensPerUpdate = 500

export const sqlMassLogoutStore = (db: Handle): MassLogoutStore => {
  /** Found by the index on what is active, in the order in which it runs out. */
  const left = ({ beforeMs, except }: MassLogout, nowMs: EpochMs) =>
    db
      .selectFrom('sessions')
      .where('is_active', '=', true)
      .where('expires_at', '>', nowMs)
      .where('created_at', '<=', beforeMs)
      .where('uuid', '!=', except)

  return {
    async begin(except, nowMs) {
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

    async find(id) {
      const row = await db.selectFrom('mass_logouts').selectAll().where('id', '=', id).executeTakeFirst()
      return row && toMassLogout(row)
    },

    async list() {
      const rows = await db.selectFrom('mass_logouts').selectAll().orderBy('id').execute()
      return rows.map(toMassLogout)
    },

    async countLeft(logout, nowMs) {
      const { count } = await left(logout, nowMs)
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow()
      return Number(count)
    },

    async isLeft(logout, nowMs) {
      const row = await left(logout, nowMs).select('id').limit(1).executeTakeFirst()
      return row !== undefined
    },

    async endSome(logout, most, nowMs) {
      const some = left(logout, nowMs).select('id').orderBy('expires_at').limit(most)
      const rows = await db
        .updateTable('sessions')
        .set({ is_active: false, ended_at: nowMs, end_reason: 'ended_by_admin' })
        .where('is_active', '=', true)
        .where('id', 'in', some)
        .returning('id')
        .execute()
      const ids = rows.map(({ id }) => id)
      for (let start = 0; start < ids.length; start += tokensPerUpdate) {
        await db
          .updateTable('refresh_tokens')
          .set({ is_revoked: true, revoked_at: nowMs })
          .where('session_id', 'in', ids.slice(start, start + tokensPerUpdate))
          .where('is_revoked', '=', false)
          .execute()
      }
      return ids.length
    },

    async finish(id, nowMs) {
      await db
        .updateTable('mass_logouts')
        // The clock of another node may have been ahead of this one's.
        .set({ finished_at: sql<number>`case when created_at > ${nowMs} then created_at else ${nowMs} end` })
        .where('id', '=', id)
        .where('finished_at', 'is', null)
        .execute()
    },

    async delete(id) {
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
