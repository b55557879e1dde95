import { coveringActions, type DecisionFacts, everyAction } from '@propusk/gate/core'
import { sql } from 'kysely'
import type { Page, PageRequest, PermissionName, UserId } from '../kernel/index.ts'
import { type Handle, pageOf } from '../store/index.ts'
import type { Question } from './access-questions.ts'
import { findUsersWithPermission } from './users-with-permission.sql.ts'

const narrowFirst = sql`case when act.code_name = ${everyAction} then 1 else 0 end`

export type DecisionStore = ReturnType<typeof sqlDecisionStore>

/** What decisions rest on, from the rows. */
export const sqlDecisionStore = (db: Handle) => {
  /** One row for each permission of each role of each user. */
  const selectPermissionsOfUsers = () =>
    db
      .selectFrom('user_roles as ur')
      .innerJoin('roles as r', 'r.id', 'ur.role_id')
      .innerJoin('role_permissions as rp', 'rp.role_id', 'r.id')
      .innerJoin('permissions as p', 'p.id', 'rp.permission_id')
      .innerJoin('resources as res', 'res.id', 'p.resource_id')
      .innerJoin('actions as act', 'act.id', 'p.action_id')

  /** Of these, the permission itself and the one for every action. */
  const selectReasons = (resource: string, action: string) =>
    selectPermissionsOfUsers()
      .where('res.code_name', '=', resource)
      .where('act.code_name', 'in', coveringActions(action))

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
      .where('act.code_name', 'in', coveringActions(action))

  /** Which of these names are names of resources, and which of actions. */
  const readKnown = async (questions: readonly Question[]) => {
    const resources = [...new Set(questions.map(({ resource }) => resource))]
    const actions = [...new Set(questions.map(({ action }) => action))]
    const knownResources = await db
      .selectFrom('resources')
      .select('code_name')
      .where('code_name', 'in', resources)
      .execute()
    const knownActions = await db
      .selectFrom('actions')
      .select('code_name')
      .where('code_name', 'in', actions)
      .execute()
    return {
      resource: new Set(knownResources.map(row => row.code_name)),
      action: new Set(knownActions.map(row => row.code_name)),
    }
  }

  return {
    /** All that a decision about the user on one of these questions rests on. */
    async factsFor(userId: UserId, questions: readonly Question[]): Promise<DecisionFacts> {
      const known = await readKnown(questions)
      const has: DecisionFacts['has'] = (part, codeName) => known[part].has(codeName)
      if (known.resource.size === 0) return { has, holds: () => false }
      const actions = new Set(questions.flatMap(({ action }) => coveringActions(action)))
      const rows = await selectPermissionsOfUsers()
        .select(['r.code_name as role', 'res.code_name as resource', 'act.code_name as action'])
        .where('ur.user_id', '=', userId)
        .where('res.code_name', 'in', [...known.resource])
        .where('act.code_name', 'in', [...actions])
        .execute()
      const held = new Set(rows.map(({ role, resource, action }) => permissionKey(role, resource, action)))
      return {
        has,
        holds: (role, resource, action) => held.has(permissionKey(role, resource, action)),
      }
    },

    /** What the roles of a user hold, in the same order: by role, the narrow permissions of a resource before the wide one. */
    permissionsOfUser: (userId: UserId): Promise<readonly RolePermission[]> =>
      selectPermissionsOfUsers()
        .select(['r.code_name as role', 'res.code_name as resource', 'act.code_name as action'])
        .where('ur.user_id', '=', userId)
        .orderBy('r.code_name')
        .orderBy('res.code_name')
        .orderBy(narrowFirst)
        .orderBy('act.code_name')
        .execute(),

    /** As `decide` of the gate would say of each active user, for all of them at once; `npm run oracle` compares the two. */
    async usersWithPermission(
      resource: string,
      action: string,
      page: PageRequest<'id'>,
    ): Promise<Page<AuthorizedUser>> {
      const known = await readKnown([{ resource, action }])
      if (!known.resource.has(resource) || !known.action.has(action))
        return { rows: [], hasNext: false, hasPrevious: false }
      const found = await findUsersWithPermission(db, selectGranting(resource, action), page)
      const { rows, ...rest } = pageOf(found, page)
      if (rows.length === 0) return { ...rest, rows: [] }

      const reasons = await selectReasons(resource, action)
        .select(['ur.user_id', 'r.code_name'])
        .distinct()
        .where(
          'ur.user_id',
          'in',
          rows.map(row => row.id),
        )
        .orderBy('r.code_name')
        .execute()
      const rolesOf = Map.groupBy(reasons, row => row.user_id)
      return {
        ...rest,
        rows: rows.map(
          (row): AuthorizedUser => ({
            id: row.id as UserId,
            email: row.email,
            isSuperuser: Boolean(row.is_superuser),
            roles: (rolesOf.get(row.id) ?? []).map(reason => reason.code_name),
          }),
        ),
      }
    },
  }
}

/** JSON, because a separator could stand inside a name that was asked for. */
const permissionKey = (role: string, resource: string, action: string): string =>
  JSON.stringify([role, resource, action])

/** A role of a user, and a permission of it that allows the action in question. */
export interface RoleReason {
  readonly role: string
  readonly permission: PermissionName
}

/** A permission that a role of a user holds, in its two halves. */
export interface RolePermission {
  readonly role: string
  readonly resource: string
  readonly action: string
}

/** An active user who can, and the roles that say so, sorted. */
export interface AuthorizedUser {
  readonly id: UserId
  readonly email: string
  readonly isSuperuser: boolean
  readonly roles: readonly string[]
}
