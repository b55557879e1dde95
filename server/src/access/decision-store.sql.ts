import { sql } from 'kysely'
import { permissionName, type UserId } from '../kernel/index.ts'
import { type Handle, pageOf } from '../store/index.ts'
import { findCapable } from './capable-users.sql.ts'
import type { Capable, DecisionStore } from './decision-store.ts'
import { everyAction } from './rights.ts'

const narrowFirst = sql`case when act.code_name = ${everyAction} then 1 else 0 end`

export const sqlDecisionStore = (db: Handle): DecisionStore => {
  /** One row for each permission of each role of each user. */
  const selectHeld = () =>
    db
      .selectFrom('user_roles as ur')
      .innerJoin('roles as r', 'r.id', 'ur.role_id')
      .innerJoin('role_permissions as rp', 'rp.role_id', 'r.id')
      .innerJoin('permissions as p', 'p.id', 'rp.permission_id')
      .innerJoin('resources as res', 'res.id', 'p.resource_id')
      .innerJoin('actions as act', 'act.id', 'p.action_id')

  /** Of these, the permission itself and the one for every action. */
  const selectGrounds = (resource: string, action: string) =>
    selectHeld().where('res.code_name', '=', resource).where('act.code_name', 'in', [action, everyAction])

  /** The roles that grant either. */
  const selectGranting = (resource: string, action: string) =>
    db
      .selectFrom('role_permissions as rp')
      .innerJoin('permissions as p', 'p.id', 'rp.permission_id')
      .innerJoin('resources as res', 'res.id', 'p.resource_id')
      .innerJoin('actions as act', 'act.id', 'p.action_id')
      .select('rp.role_id')
      .distinct()
      .where('res.code_name', '=', resource)
      .where('act.code_name', 'in', [action, everyAction])

  const isKnown: DecisionStore['isKnown'] = async (resource, action) => {
    const row = await db
      .selectFrom('resources as res')
      .innerJoin('actions as act', join => join.on('act.code_name', '=', action))
      .select('res.id')
      .where('res.code_name', '=', resource)
      .executeTakeFirst()
    return row !== undefined
  }

  return {
    isKnown,

    async groundsOf(userId, resource, action) {
      if (!(await isKnown(resource, action))) return []
      const rows = await selectGrounds(resource, action)
        .select(['r.code_name as role', 'act.code_name as held'])
        .where('ur.user_id', '=', userId)
        .orderBy('r.code_name')
        .orderBy(narrowFirst)
        .execute()
      return rows.map(({ role, held }) => ({ role, permission: permissionName(resource, held) }))
    },

    heldBy: userId =>
      selectHeld()
        .select(['r.code_name as role', 'res.code_name as resource', 'act.code_name as action'])
        .where('ur.user_id', '=', userId)
        .orderBy('r.code_name')
        .orderBy('res.code_name')
        .orderBy(narrowFirst)
        .orderBy('act.code_name')
        .execute(),

    async whoCan(resource, action, page) {
      if (!(await isKnown(resource, action))) return { rows: [], hasNext: false, hasPrevious: false }
      const found = await findCapable(db, selectGranting(resource, action), page)
      const { rows, ...rest } = pageOf(found, page)
      if (rows.length === 0) return { ...rest, rows: [] }

      const grounds = await selectGrounds(resource, action)
        .select(['ur.user_id', 'r.code_name'])
        .distinct()
        .where(
          'ur.user_id',
          'in',
          rows.map(row => row.id),
        )
        .orderBy('r.code_name')
        .execute()
      const rolesOf = Map.groupBy(grounds, row => row.user_id)
      return {
        ...rest,
        rows: rows.map(
          (row): Capable => ({
            id: row.id as UserId,
            email: row.email,
            isSuperuser: Boolean(row.is_superuser),
            roles: (rolesOf.get(row.id) ?? []).map(ground => ground.code_name),
          }),
        ),
      }
    },
  }
}
