import { sql } from 'kysely'
import type { RoleId, UserId } from '../kernel/index.ts'
import type { Handle } from '../store/index.ts'
import type { AssignmentStore } from './assignment-store.ts'

export const sqlAssignmentStore = (db: Handle): AssignmentStore => ({
  async lockUser(userId) {
    const row = await db
      .updateTable('users')
      .set({ email: sql<string>`email` })
      .where('id', '=', userId)
      .returning('is_superuser')
      .executeTakeFirst()
    return row && { isSuperuser: Boolean(row.is_superuser) }
  },

  async rolesOf(userId) {
    const rows = await db
      .selectFrom('user_roles')
      .select('role_id')
      .where('user_id', '=', userId)
      .orderBy('role_id')
      .execute()
    return rows.map(row => row.role_id as RoleId)
  },

  async longestRoleList(roleId) {
    const lists = db
      .selectFrom('user_roles as held')
      .innerJoin('user_roles as ur', 'ur.user_id', 'held.user_id')
      .innerJoin('roles as r', 'r.id', 'ur.role_id')
      // Two quotes and a comma for each name; one bracket more than there are commas too few.
      .select(sql<number>`sum(length(r.code_name) + 3) + 1`.as('length'))
      .where('held.role_id', '=', roleId)
      .groupBy('held.user_id')
    const row = await db
      .selectFrom(lists.as('lists'))
      .select(({ fn }) => fn.max('length').as('longest'))
      .executeTakeFirst()
    return Number(row?.longest ?? 0)
  },

  async isHeldBeside(roleId, others) {
    const superuser = await db
      .selectFrom('users as u')
      .innerJoin('user_roles as ur', 'ur.user_id', 'u.id')
      .select('u.id')
      .where('u.is_superuser', '=', true)
      .where('ur.role_id', '=', roleId)
      .limit(1)
      .executeTakeFirst()
    if (superuser !== undefined || others.length === 0) return superuser !== undefined
    const other = await db
      .selectFrom('user_roles as held')
      .innerJoin('user_roles as other', 'other.user_id', 'held.user_id')
      .select('held.user_id')
      .where('held.role_id', '=', roleId)
      .where('other.role_id', 'in', others)
      .limit(1)
      .executeTakeFirst()
    return other !== undefined
  },

  async replaceRoles(userId, roleIds) {
    await db.deleteFrom('user_roles').where('user_id', '=', userId).execute()
    if (roleIds.length === 0) return
    await db
      .insertInto('user_roles')
      .values(roleIds.map(roleId => ({ user_id: userId, role_id: roleId })))
      .execute()
  },

  async lockHolders(roleId, usedSinceMs) {
    const withTokens = db
      .selectFrom('user_roles as held')
      .innerJoin('sessions as s', 's.user_id', 'held.user_id')
      .select('held.user_id')
      .where('held.role_id', '=', roleId)
      .where('s.is_active', '=', true)
      .where('s.last_used_at', '>=', usedSinceMs)
    const toldOf = db
      .selectFrom('user_roles as held')
      .innerJoin('changes as c', 'c.user_id', 'held.user_id')
      .select('held.user_id')
      .where('held.role_id', '=', roleId)
      .where('c.kind', '=', 'user_roles')
      .where('c.created_at', '>=', usedSinceMs)
    const concerned = withTokens.union(toldOf)
    const users = await db
      .updateTable('users')
      .set({ email: sql<string>`email` })
      .where('id', 'in', concerned)
      .returning(['id', 'is_superuser'])
      .execute()
    if (users.length === 0) return []

    const assigned = await db
      .selectFrom('user_roles as ur')
      .innerJoin('roles as r', 'r.id', 'ur.role_id')
      .select(['ur.user_id', 'r.code_name'])
      .where('ur.user_id', 'in', concerned)
      .orderBy('r.code_name')
      .execute()
    const rolesOf = Map.groupBy(assigned, row => row.user_id)
    return users.map(user => ({
      userId: user.id as UserId,
      isSuperuser: Boolean(user.is_superuser),
      roles: (rolesOf.get(user.id) ?? []).map(row => row.code_name),
    }))
  },
})
