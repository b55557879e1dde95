import { sql } from 'kysely'
import { type PermissionId, permissionName, type RoleId, type UserId } from '../../kernel/index.ts'
import type { Handle } from '../../store/index.ts'

/** Roles that a statement lists. Beyond this number no user is excluded, as nearly all users have one of the roles. */
const maxListed = 2_000

type Range = Extract<HoldingsQuery['among'], { after: number }>

/** In their order, so that the same roles are the same list whatever order the engine met them in. */
const idsIn = (text: string | null): readonly RoleId[] =>
  text === null
    ? []
    : text
        .split(',')
        .map(id => Number(id) as RoleId)
        .sort((a, b) => a - b)

export type WhatIfStore = ReturnType<typeof sqlWhatIfStore>

/** The source of a preview's model, and of the users that the model does not name. Committed rows only. */
export const sqlWhatIfStore = (db: Handle) => {
  const activeSuperusers = (except: readonly UserId[]) =>
    db
      .selectFrom('users')
      .where('is_superuser', '=', true)
      .where('is_active', '=', true)
      .$if(except.length > 0, q => q.where('id', 'not in', except))

  /**
   * One row for each user: the ids of their relevant roles as text. Which users are looked at is all that is left to an
   * index, and the roles are checked in passing: a planner that is free to look for them first takes minutes.
   */
  const selectEach = ({ touched, relevant, among, except }: HoldingsQuery) => {
    const listed =
      relevant.length <= maxListed ? sql`filter (where ur.role_id in (${sql.join(relevant)}))` : sql``
    const isTouched = sql<number>`max(case when ur.role_id in (${sql.join(touched)}) then 1 else 0 end)`
    return db
      .selectFrom('user_roles as ur')
      .select(['ur.user_id', sql<string>`string_agg(cast(ur.role_id as text), ',') ${listed}`.as('roles')])
      .$if('after' in among, q => q.where('ur.user_id', '>', (among as Range).after))
      .$if('after' in among && among.upTo !== undefined, q =>
        q.where('ur.user_id', '<=', (among as Range).upTo!),
      )
      .$if(!('after' in among), q => q.where('ur.user_id', 'in', among as readonly UserId[]))
      .$if(except.length > 0, q => q.where('ur.user_id', 'not in', except))
      .where(({ exists, selectFrom }) =>
        exists(
          selectFrom('users as u')
            .select('u.id')
            .whereRef('u.id', '=', 'ur.user_id')
            .where('u.is_active', '=', true)
            .where('u.is_superuser', '=', false),
        ),
      )
      .groupBy('ur.user_id')
      .$if(touched.length <= maxListed, q => q.having(isTouched, '=', 1))
  }

  return {
    /** Whether each resource and action is built in, by its code name. */
    async readCatalogue(): Promise<{
      readonly resources: ReadonlyMap<string, boolean>
      readonly actions: ReadonlyMap<string, boolean>
    }> {
      const columns = ['code_name', 'is_builtin'] as const
      const toMap = (rows: readonly { code_name: string; is_builtin: unknown }[]) =>
        new Map(rows.map(row => [row.code_name, Boolean(row.is_builtin)]))
      return {
        resources: toMap(await db.selectFrom('resources').select(columns).execute()),
        actions: toMap(await db.selectFrom('actions').select(columns).execute()),
      }
    },

    async readRoles(): Promise<readonly StoredRole[]> {
      const rows = await db.selectFrom('roles').select(['id', 'code_name']).orderBy('id').execute()
      return rows.map(row => ({ id: row.id as RoleId, codeName: row.code_name }))
    },

    /** How many grants all roles have together; `most` where there are more. */
    async countRolePermissions(most: number): Promise<number> {
      const row = await db
        .selectFrom(db.selectFrom('role_permissions').select('role_id').limit(most).as('grants'))
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow()
      return Number(row.count)
    },

    /** By id, so many at most, after the one that is given: none when there are no more. */
    async readPermissions(
      after: PermissionId | undefined,
      most: number,
    ): Promise<readonly StoredPermission[]> {
      const rows = await db
        .selectFrom('permissions as p')
        .innerJoin('resources as res', 'res.id', 'p.resource_id')
        .innerJoin('actions as act', 'act.id', 'p.action_id')
        .select(['p.id', 'res.code_name as resource', 'act.code_name as action'])
        .$if(after !== undefined, q => q.where('p.id', '>', after!))
        .orderBy('p.id')
        .limit(most)
        .execute()
      return rows.map(row => ({ id: row.id as PermissionId, name: permissionName(row.resource, row.action) }))
    },

    /** By role and permission, so many at most, after the one that is given: none when there are no more. */
    async readRolePermissions(
      after: StoredRolePermission | undefined,
      most: number,
    ): Promise<readonly StoredRolePermission[]> {
      const rows = await db
        .selectFrom('role_permissions')
        .select(['role_id', 'permission_id'])
        .$if(after !== undefined, q =>
          q.where(sql<boolean>`(role_id, permission_id) > (${after!.roleId}, ${after!.permissionId})`),
        )
        .orderBy('role_id')
        .orderBy('permission_id')
        .limit(most)
        .execute()
      return rows.map(row => ({
        roleId: row.role_id as RoleId,
        permissionId: row.permission_id as PermissionId,
      }))
    },

    /** Those that there are. */
    async readUsers(userIds: readonly UserId[]): Promise<readonly StoredUser[]> {
      if (userIds.length === 0) return []
      const rows = await db
        .selectFrom('users as u')
        .leftJoin('user_roles as ur', 'ur.user_id', 'u.id')
        .leftJoin('roles as r', 'r.id', 'ur.role_id')
        .select(['u.id', 'u.is_active', 'u.is_superuser', 'r.code_name'])
        .where('u.id', 'in', userIds)
        .execute()
      return [...Map.groupBy(rows, row => row.id).values()].map(ofUser => ({
        id: ofUser[0]!.id as UserId,
        isActive: Boolean(ofUser[0]!.is_active),
        isSuperuser: Boolean(ofUser[0]!.is_superuser),
        roles: ofUser.flatMap(row => row.code_name ?? []),
      }))
    },

    async readPeople(userIds: readonly UserId[]): Promise<ReadonlyMap<UserId, Person>> {
      if (userIds.length === 0) return new Map()
      const rows = await db
        .selectFrom('users')
        .select(['id', 'email', 'first_name', 'last_name', 'middle_name'])
        .where('id', 'in', userIds)
        .execute()
      return new Map(
        rows.map(row => [
          row.id as UserId,
          {
            id: row.id as UserId,
            email: row.email,
            firstName: row.first_name,
            lastName: row.last_name,
            middleName: row.middle_name,
          },
        ]),
      )
    },

    async countActiveSuperusers(except: readonly UserId[]): Promise<number> {
      const row = await activeSuperusers(except)
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow()
      return Number(row.count)
    },

    /** By id. */
    async listActiveSuperusers(except: readonly UserId[], limit: number): Promise<readonly UserId[]> {
      const rows = await activeSuperusers(except).select('id').orderBy('id').limit(limit).execute()
      return rows.map(row => row.id as UserId)
    },

    /** Users with one of these roles, by id; undefined when more than `most` assignments match. */
    async findHolders(roles: readonly RoleId[], most: number): Promise<readonly UserId[] | undefined> {
      if (roles.length > maxListed) return undefined
      const rows = await db
        .selectFrom('user_roles')
        .select('user_id')
        .where('role_id', 'in', roles)
        .limit(most + 1)
        .execute()
      if (rows.length > most) return undefined
      return [...new Set(rows.map(row => row.user_id as UserId))].sort((a, b) => a - b)
    },

    /** The user of the assignment that stands so far after a user, in the order of users; undefined when there are fewer. */
    async findStepEnd(after: number, assignments: number): Promise<UserId | undefined> {
      const row = await db
        .selectFrom('user_roles')
        .select('user_id')
        .where('user_id', '>', after)
        .orderBy('user_id')
        .orderBy('role_id')
        .offset(assignments - 1)
        .limit(1)
        .executeTakeFirst()
      return row?.user_id as UserId | undefined
    },

    async readHoldings(query: HoldingsQuery): Promise<readonly Holding[]> {
      if (query.eachUser) {
        const rows = await selectEach(query).orderBy('ur.user_id').execute()
        return rows.map(row => ({ roles: idsIn(row.roles), users: 1, userId: row.user_id as UserId }))
      }
      const rows = await db
        .selectFrom(selectEach(query).as('each_user'))
        .select(({ fn }) => ['each_user.roles', fn.countAll<number>().as('users')])
        .groupBy('each_user.roles')
        .execute()
      return rows.map(row => ({ roles: idsIn(row.roles), users: Number(row.users), userId: undefined }))
    },
  }
}

interface StoredRole {
  readonly id: RoleId
  readonly codeName: string
}

interface StoredPermission {
  readonly id: PermissionId
  /** `resource:action`. */
  readonly name: string
}

/** A permission that a role holds. */
export interface StoredRolePermission {
  readonly roleId: RoleId
  readonly permissionId: PermissionId
}

interface StoredUser {
  readonly id: UserId
  readonly isActive: boolean
  readonly isSuperuser: boolean
  /** Code names, in no order. */
  readonly roles: readonly string[]
}

/** A user as a list shows them. */
export interface Person {
  readonly id: UserId
  readonly email: string
  readonly firstName: string | null
  readonly lastName: string | null
  readonly middleName: string | null
}

/** Some users who have the same roles among those asked for, or one user with theirs. */
export interface Holding {
  readonly roles: readonly RoleId[]
  readonly users: number
  /** Where users were asked for one by one. */
  readonly userId: UserId | undefined
}

export interface HoldingsQuery {
  /** Active users, no superusers, who have one of these … */
  readonly touched: readonly RoleId[]
  /** … grouped by which of these they have. */
  readonly relevant: readonly RoleId[]
  /** Only these users, or those after one of them up to another. */
  readonly among: readonly UserId[] | { readonly after: number; readonly upTo: UserId | undefined }
  /** These users are left out. */
  readonly except: readonly UserId[]
  /** One holding for each user, in the order of their ids. */
  readonly eachUser: boolean
}
