import { setImmediate } from 'node:timers/promises'
import { sql } from 'kysely'
import type { RoleId, UserId } from '../kernel/index.ts'
import { type Handle, lockRows } from '../store/index.ts'
import type { AssignmentStore } from './assignment-store.ts'

/** Keeps the number of bound values far below both engines' limits. */
const rolesPerQuery = 500

/** A statement on SQLite blocks all requests while it runs: they are answered between two portions. */
const holdersAtOnce = 2_000

export const sqlAssignmentStore = (db: Handle): AssignmentStore => ({
  async lockUser(userId) {
    const user = db.selectFrom('users').select('is_superuser').where('id', '=', userId)
    const row = await lockRows(db, user).executeTakeFirst()
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
    let longest = 0
    for (let after = 0; ; ) {
      const page = db
        .selectFrom('user_roles')
        .select('user_id')
        .where('role_id', '=', roleId)
        .where('user_id', '>', after)
        .orderBy('user_id')
        .limit(holdersAtOnce)
      const lists = db
        .selectFrom(page.as('held'))
        .innerJoin('user_roles as ur', 'ur.user_id', 'held.user_id')
        .innerJoin('roles as r', 'r.id', 'ur.role_id')
        // Two quotes and a comma for each name; one bracket more than there are commas too few.
        .select(['held.user_id', sql<number>`sum(length(r.code_name) + 3) + 1`.as('length')])
        .groupBy('held.user_id')
      const row = await db
        .selectFrom(lists.as('lists'))
        .select(({ fn }) => [fn.max('length').as('longest'), fn.max('user_id').as('last')])
        .executeTakeFirst()
      if (row?.last == null) return longest
      longest = Math.max(longest, Number(row.longest))
      after = row.last
      await setImmediate()
    }
  },

  async removeFromAll(roleId) {
    for (;;) {
      const page = db
        .selectFrom('user_roles')
        .select('user_id')
        .where('role_id', '=', roleId)
        .orderBy('user_id')
        .limit(holdersAtOnce)
      const { numDeletedRows } = await db
        .deleteFrom('user_roles')
        .where('role_id', '=', roleId)
        .where('user_id', 'in', page)
        .executeTakeFirst()
      if (Number(numDeletedRows) < holdersAtOnce) return
      await setImmediate()
    }
  },

  async countHolders(roleIds) {
    const counts = new Map(roleIds.map((id): [RoleId, number] => [id, 0]))
    for (let start = 0; start < roleIds.length; start += rolesPerQuery) {
      const rows = await db
        .selectFrom('user_roles')
        .select(({ fn }) => ['role_id', fn.countAll<number>().as('holders')])
        .where('role_id', 'in', roleIds.slice(start, start + rolesPerQuery))
        .groupBy('role_id')
        .execute()
      for (const row of rows) counts.set(row.role_id as RoleId, Number(row.holders))
    }
    return counts
  },

  async firstHolders(roleIds, most) {
    const found = new Set<number>()
    // Role by role: each is read from the beginning of its index and no further.
    for (const roleId of roleIds) {
      const rows = await db
        .selectFrom('user_roles as ur')
        .innerJoin('users as u', 'u.id', 'ur.user_id')
        .select('ur.user_id')
        .where('ur.role_id', '=', roleId)
        .where('u.is_active', '=', true)
        .orderBy('ur.user_id')
        .limit(most)
        .execute()
      for (const row of rows) found.add(row.user_id)
    }
    const ids = [...found].sort((a, b) => a - b).slice(0, most)
    if (ids.length === 0) return []
    const rows = await db
      .selectFrom('user_roles as ur')
      .innerJoin('users as u', 'u.id', 'ur.user_id')
      .select(['ur.user_id', 'u.email', 'ur.role_id'])
      .where('ur.user_id', 'in', ids)
      .orderBy('ur.user_id')
      .execute()
    return [...Map.groupBy(rows, row => row.user_id).values()].map(own => ({
      userId: own[0]!.user_id as UserId,
      email: own[0]!.email,
      roleIds: own.map(row => row.role_id as RoleId),
    }))
  },

  async isSharedWith(roleId, others) {
    const superuser = await db
      .selectFrom('users as u')
      .innerJoin('user_roles as ur', 'ur.user_id', 'u.id')
      .select('u.id')
      .where('u.is_superuser', '=', true)
      .where('ur.role_id', '=', roleId)
      .limit(1)
      .executeTakeFirst()
    if (superuser !== undefined) return true
    for (let start = 0; start < others.length; start += rolesPerQuery) {
      const other = await db
        .selectFrom('user_roles as held')
        .innerJoin('user_roles as other', 'other.user_id', 'held.user_id')
        .select('held.user_id')
        .where('held.role_id', '=', roleId)
        .where('other.role_id', 'in', others.slice(start, start + rolesPerQuery))
        .limit(1)
        .executeTakeFirst()
      if (other !== undefined) return true
    }
    return false
  },

  async replaceRoles(userId, roleIds) {
    await db.deleteFrom('user_roles').where('user_id', '=', userId).execute()
    if (roleIds.length === 0) return
    await db
      .insertInto('user_roles')
      .values(roleIds.map(roleId => ({ user_id: userId, role_id: roleId })))
      .execute()
  },
})
