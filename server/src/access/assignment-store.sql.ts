import { setImmediate } from 'node:timers/promises'
import { sql } from 'kysely'
import type { EpochMs, RoleId, UserId } from '../kernel/index.ts'
import { type Handle, lockRows } from '../store/index.ts'

/** Keeps the number of bound values far below both engines' limits. */
const rolesPerQuery = 500

/** A statement on SQLite blocks all requests while it runs: they are answered between two portions. */
const holdersAtOnce = 2_000

export type AssignmentStore = ReturnType<typeof sqlAssignmentStore>

/** Which users hold which roles. */
export const sqlAssignmentStore = (db: Handle) => ({
  /** Locks the user until the transaction ends; undefined when there is none. Assignments of one user are changed one after another. */
  async lockUser(userId: UserId): Promise<{ readonly isSuperuser: boolean } | undefined> {
    const user = db.selectFrom('users').select('is_superuser').where('id', '=', userId)
    const row = await lockRows(db, user).executeTakeFirst()
    return row && { isSuperuser: Boolean(row.is_superuser) }
  },

  /** Ids of the roles that the user holds, in their order. */
  async rolesOf(userId: UserId): Promise<readonly RoleId[]> {
    const rows = await db
      .selectFrom('user_roles')
      .select('role_id')
      .where('user_id', '=', userId)
      .orderBy('role_id')
      .execute()
    return rows.map(row => row.role_id as RoleId)
  },

  /**
   * Characters of the longest list of code names among the holders of the role, written as JSON; 0 when it has no
   * holder.
   */
  async longestRoleList(roleId: RoleId): Promise<number> {
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

  /**
   * Takes the role from all its holders, some thousands at a time, so that requests are answered in between. It is a
   * write of the role and not of the accounts: `updated_at` of the holders stays. A row of `users` for each of them, with
   * its indexes, would cost many times the deletion; and the order of locks is user before role, here it would be reversed.
   */
  async removeFromAll(roleId: RoleId): Promise<void> {
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

  /** How many users hold each of these roles, closed accounts too; 0 where none does. */
  async countHolders(roleIds: readonly RoleId[]): Promise<ReadonlyMap<RoleId, number>> {
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

  /** The first active holders of any of these roles, by id. INVARIANT: costs the same however many there are. */
  async firstHolders(roleIds: readonly RoleId[], most: number): Promise<readonly RoleHolder[]> {
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

  /** Whether a superuser holds the role, or a user who holds one of the others as well: of all users but the one. */
  async isSharedWith(
    roleId: RoleId,
    {
      others,
      exceptUserId,
    }: { readonly others: readonly RoleId[]; readonly exceptUserId: UserId | undefined },
  ): Promise<boolean> {
    const superuser = await db
      .selectFrom('users as u')
      .innerJoin('user_roles as ur', 'ur.user_id', 'u.id')
      .select('u.id')
      .where('u.is_superuser', '=', true)
      .where('ur.role_id', '=', roleId)
      .$if(exceptUserId !== undefined, query => query.where('u.id', '<>', exceptUserId!))
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
        .$if(exceptUserId !== undefined, query => query.where('held.user_id', '<>', exceptUserId!))
        .limit(1)
        .executeTakeFirst()
      if (other !== undefined) return true
    }
    return false
  },

  /**
   * Makes these the roles of the user, whose row this transaction has locked. `updated_at` goes with it, as with every
   * write of the account.
   */
  async replaceRoles(userId: UserId, roleIds: readonly RoleId[], nowMs: EpochMs): Promise<void> {
    await db
      .updateTable('users')
      .set({ updated_at: nowMs })
      .where('id', '=', userId)
      // An account that was made in this transaction has it already: no second version of its row.
      .where('updated_at', '!=', nowMs)
      .execute()
    await db.deleteFrom('user_roles').where('user_id', '=', userId).execute()
    if (roleIds.length === 0) return
    await db
      .insertInto('user_roles')
      .values(roleIds.map(roleId => ({ user_id: userId, role_id: roleId })))
      .execute()
  },
})

/** An active user by name, with every role that they hold. */
export interface RoleHolder {
  readonly userId: UserId
  readonly email: string
  readonly roleIds: readonly RoleId[]
}
