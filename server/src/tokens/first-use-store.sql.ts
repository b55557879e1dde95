import { sql } from 'kysely'
import type { EpochMs } from '../kernel/index.ts'
import { overByMassLogout } from '../sessions/index.ts'
import { type Handle, preparedQuery } from '../store/index.ts'
import type { FirstUseStore } from './first-use-store.ts'

interface Row {
  readonly expires_at: EpochMs
  readonly is_superuser: boolean
  readonly roles: readonly string[]
  readonly role_ids: readonly number[]
}

/**
 * For PostgreSQL alone: a statement may write to several tables there. All of it sees one snapshot. A row that another
 * transaction has changed since is evaluated again once that transaction is over, so each condition holds for the row
 * as it is:
 *
 * `used` locks the session's row first, as every transaction that ends sessions does, to avoid a deadlock. `spent` is
 * the guarded statement that decides which use was first, with the conditions of `RefreshTokenStore.spend`; what
 * follows rests on its row.
 */
const useFirst = preparedQuery(
  (
    db,
    {
      jti,
      uuid,
      userId,
      successorJti,
      successorSealed,
      ipAddress,
      userAgent,
      nowMs,
    }: {
      jti: string
      uuid: string
      userId: number
      successorJti: string
      successorSealed: string
      ipAddress: string
      userAgent: string
      nowMs: EpochMs
    },
  ) => {
    const isUnspent = sql`t.jti = ${jti} and t.spent_at is null and not t.is_revoked and t.expires_at > ${nowMs}`
    return {
      compile: () =>
        sql<Row>`with used as (
            update sessions as s set last_used_at = ${nowMs}
            from refresh_tokens as t
            where s.uuid = ${uuid} and s.user_id = ${userId} and s.is_active and s.expires_at > ${nowMs}
              and not ${overByMassLogout('s')}
              and t.session_id = s.id and ${isUnspent}
            returning s.id, s.user_id, s.expires_at
          ), spent as (
            update refresh_tokens as t
            set spent_at = ${nowMs}, last_used_at = ${nowMs},
              successor_jti = ${successorJti}, successor_sealed = ${successorSealed}
            from used
            where t.session_id = used.id and ${isUnspent}
            returning t.successor_jti, t.spent_at, used.id, used.user_id, used.expires_at
          ), added as (
            insert into refresh_tokens
              (jti, session_id, user_id, issued_at, expires_at, is_revoked, ip_address, user_agent)
            select successor_jti, id, user_id, spent_at, expires_at, false, ${ipAddress}, ${userAgent} from spent
            returning user_id, expires_at
          )
          select added.expires_at, u.is_superuser, array(
            select r.code_name from user_roles ur join roles r on r.id = ur.role_id
            where ur.user_id = u.id order by r.code_name
          ) as roles, array(
            select r.id from user_roles ur join roles r on r.id = ur.role_id
            where ur.user_id = u.id order by r.code_name
          ) as role_ids
          from added join users u on u.id = added.user_id`.compile(db),
    }
  },
)

export const sqlFirstUseStore = (db: Handle): FirstUseStore => ({
  async use({ jti, uuid, userId, successor, origin, nowMs }) {
    const { ipAddress, userAgent } = origin
    const [row] = await useFirst(db, {
      jti,
      uuid,
      userId,
      successorJti: successor.jti,
      successorSealed: successor.sealed,
      ipAddress,
      userAgent,
      nowMs,
    })
    if (row === undefined) return undefined
    const { expires_at, is_superuser: isSuperuser, roles, role_ids } = row
    // An array of `bigint` comes as texts: the driver parses single values only.
    return { expiresAtMs: expires_at, standing: { isSuperuser, roles, roleIds: role_ids.map(Number) } }
  },
})
