import { coveringActions, type DecisionFacts, everyAction, levelOf } from '@propusk/gate/core'
import { type Expression, type RawBuilder, sql } from 'kysely'
import type { Page, PageRequest, PermissionName, UserId } from '../kernel/index.ts'
import { type Flag, type Handle, pageOf, readsDescending } from '../store/index.ts'
import type { Question } from './access-questions.ts'

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
        .select(columns)
        .where('ur.user_id', '=', userId)
        .where('res.code_name', 'in', [...known.resource])
        .where('act.code_name', 'in', [...actions])
        .execute()
      const levels = new Map(rows.map(({ role, requires_aal }) => [role, levelOf(requires_aal ?? undefined)]))
      const held = new Set(rows.map(({ role, resource, action }) => permissionKey(role, resource, action)))
      return {
        has,
        holds: (role, resource, action) => held.has(permissionKey(role, resource, action)),
        acrOf: role => levels.get(role) ?? 'aal1',
      }
    },

    /** What the roles of a user hold, in the same order: by role, the narrow permissions of a resource before the wide one. */
    permissionsOfUser: (userId: UserId): Promise<readonly RolePermission[]> =>
      selectPermissionsOfUsers()
        .select(columns)
        .where('ur.user_id', '=', userId)
        .orderBy('r.code_name')
        .orderBy('res.code_name')
        .orderBy(narrowFirst)
        .orderBy('act.code_name')
        .execute(),

    /**
     * As `decide` of the gate would say of each active user, in a session of the highest level, for all of them at once;
     * `npm run oracle` compares the two.
     */
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
            firstName: row.first_name,
            lastName: row.last_name,
            middleName: row.middle_name,
            isSuperuser: Boolean(row.is_superuser),
            roles: (rolesOf.get(row.id) ?? []).map(reason => reason.code_name),
          }),
        ),
      }
    },
  }
}

const columns = [
  'r.code_name as role',
  'r.requires_aal',
  'res.code_name as resource',
  'act.code_name as action',
] as const

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
  /** The level that the role asks for; null asks for none. */
  readonly requires_aal: 'aal2' | null
  readonly resource: string
  readonly action: string
}

/** An active user who can, and the roles that say so, sorted. */
export interface AuthorizedUser {
  readonly id: UserId
  readonly email: string
  readonly firstName: string | null
  readonly lastName: string | null
  readonly middleName: string | null
  readonly isSuperuser: boolean
  readonly roles: readonly string[]
}

/** A bound on what is looked at in one go, where many of those who hold a role are closed accounts. */
const mostAtOnce = 2_000
/** Of many roles few holders each are taken: together they are many, and rarely is one role behind them all. */
const fewestOfRole = 4

interface AuthorizedUserRow {
  readonly id: number
  readonly email: string
  readonly first_name: string | null
  readonly last_name: string | null
  readonly middle_name: string | null
  readonly is_superuser: Flag
}

/**
 * The active users who hold one of the roles that `granting` names, and every active superuser, by id from the cursor of
 * the page on: one more than the page holds, if there are so many. No other user is read: of each role the next few
 * holders are taken, and of all these the next ones. The cost grows with the roles and the page, not with the number of
 * users nor with how few of them qualify. A faster copy of `decide` (ADR 35): `npm run oracle`
 * compares the two, and users-with-permission.test.ts compares it with a plain model.
 */
async function findUsersWithPermission(
  db: Handle,
  granting: Expression<unknown>,
  page: PageRequest<'id'>,
): Promise<readonly AuthorizedUserRow[]> {
  const isDownwards = readsDescending(page)
  const roles = await countRoles(db, granting)
  const found: AuthorizedUserRow[] = []
  let cursor = page.cursor?.id
  for (let most = page.limit + 1; ; most = Math.min(most * 2, mostAtOnce)) {
    const ofRole = Math.min(most, Math.max(fewestOfRole, Math.ceil((most * fewestOfRole) / roles)))
    const next = await nextIds(db, granting, { cursor, isDownwards, most, ofRole })
    if (next.ids.length > 0) found.push(...(await readActive(db, next.ids, isDownwards)))
    if (next.end === undefined || found.length > page.limit) return found.slice(0, page.limit + 1)
    cursor = next.end
  }
}

async function countRoles(db: Handle, granting: Expression<unknown>): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from ${granting} as granting`.execute(db)
  return Number(rows[0]!.count)
}

interface Reading {
  /** Begins behind this id, or at the very beginning. */
  readonly cursor: number | undefined
  readonly isDownwards: boolean
  /** So many ids at most, and so many that one role gives. */
  readonly most: number
  readonly ofRole: number
}

interface Found {
  /** In their order. Of superusers and of those who hold one of the roles, closed accounts among them. */
  readonly ids: readonly number[]
  /** Up to here none is missing; undefined when none is left. */
  readonly end: number | undefined
}

async function nextIds(db: Handle, granting: Expression<unknown>, reading: Reading): Promise<Found> {
  const { cursor, isDownwards, most, ofRole } = reading
  const [beyond, upTo, direction, first, utmost] = isDownwards
    ? [sql`<`, sql`>=`, sql`desc`, sql`max`, sql`0`]
    : [sql`>`, sql`<=`, sql`asc`, sql`min`, sql`${Number.MAX_SAFE_INTEGER}`]
  const behind = (id: RawBuilder<unknown>) =>
    cursor === undefined ? sql`true` : sql`${id} ${beyond} ${cursor}`
  // Where the first role has no more of what was taken of it; null when no role has more.
  const end = sql`(select ${first}(last_id) from taken)`
  const { rows } = await sql<{ id: number; end_id: number | null }>`
    with taken as materialized (
      select granting.role_id, (select last.user_id from user_roles as last
        where last.role_id = granting.role_id and ${behind(sql`last.user_id`)}
        order by last.user_id ${direction} limit 1 offset ${ofRole - 1}) as last_id
      from ${granting} as granting)
    select found.id, ${end} as end_id from (
      select held.user_id as id from taken cross join user_roles as held
      where held.role_id = taken.role_id and ${behind(sql`held.user_id`)}
        and held.user_id ${upTo} coalesce(${end}, ${utmost})
      union
      select id from (select id from users where is_superuser = ${true} and ${behind(sql`id`)}
        order by id ${direction} limit ${most}) as superusers
      where id ${upTo} coalesce(${end}, ${utmost})
      order by id ${direction} limit ${most}) as found
    order by found.id ${direction}`.execute(db)
  const ids = rows.map(({ id }) => id)
  if (ids.length === most) return { ids, end: ids.at(-1)! }
  return { ids, end: rows[0]?.end_id ?? undefined }
}

const readActive = (db: Handle, ids: readonly number[], isDownwards: boolean): Promise<AuthorizedUserRow[]> =>
  db
    .selectFrom('users')
    .select(['id', 'email', 'first_name', 'last_name', 'middle_name', 'is_superuser'])
    .where('id', 'in', ids)
    .where('is_active', '=', true)
    .orderBy('id', isDownwards ? 'desc' : 'asc')
    .execute()
