import { type RawBuilder, sql } from 'kysely'
import type { Listed, Page, PageEdge, PageRequest } from '../kernel/index.ts'
import {
  type Condition,
  engineOf,
  type Handle,
  nameOrder,
  type PageBounds,
  paginateSelected,
  searchUsers,
  unindexed,
} from '../store/index.ts'
import type { User } from './user.ts'
import { toUser, userColumns } from './user-row.sql.ts'
import type { UserColumn, UserFilter } from './user-store.ts'

const id = sql`users.id`

type Name = 'first_name' | 'last_name' | 'middle_name'

/** Nullable columns are ordered as if empty, so that both engines put them in the same place. An index has each. */
const orderKeys: Record<Exclude<UserColumn, Name>, RawBuilder<unknown>> = {
  id,
  email: sql`users.email`,
  is_active: sql`users.is_active`,
  is_staff: sql`users.is_staff`,
  is_superuser: sql`users.is_superuser`,
  date_joined: sql`users.date_joined`,
  last_login: sql`coalesce(users.last_login, 0)`,
  updated_at: sql`users.updated_at`,
}

const isName = (column: UserColumn): column is Name => column.endsWith('_name')

const orderKeyOf = (db: Handle, column: UserColumn): RawBuilder<unknown> =>
  isName(column) ? nameOrder(db, column) : orderKeys[column]

/** One page of the accounts. */
export async function listUsers(
  db: Handle,
  filter: UserFilter,
  request: PageRequest<UserColumn>,
): Promise<Page<Listed<User>>> {
  const search = request.search === undefined ? undefined : await searchUsers(db, request.search)
  const conditions = [
    ...(search === undefined ? [] : [search]),
    ...(filter.role === undefined ? [] : [holding(filter.role)]),
    ...(filter.isActive === undefined ? [] : [beingActive(filter.isActive)]),
  ]
  const { column } = request.ordering
  // Of those that are active, or that are not, all are equal in that.
  const value = column === 'is_active' && filter.isActive !== undefined ? id : orderKeyOf(db, column)
  const { rows, ...rest } = await paginateSelected(db, conditions, {
    query: db.selectFrom('users').select(userColumns).select(value.as('place')),
    keys: { value, id },
    page: boundsOf(db, request),
    sorted: condition =>
      condition === search && search.match !== undefined && value === id
        ? foundInOrder(db, search.match)
        : undefined,
  })
  return { ...rest, rows: rows.map(row => ({ ...toUser(row), place: row.place as PageEdge['value'] })) }
}

/** What the index of SQLite finds, in the order of the id, in which it keeps it. */
const foundInOrder = (db: Handle, match: string) => {
  const rowid = sql`found.rowid`
  const query = db
    .selectFrom(sql`users_search`.as('found'))
    // Not an inner join: the index is what is read, and gives the order.
    .crossJoin('users')
    .select(userColumns)
    .select(rowid.as('place'))
    .where(sql<boolean>`found.users_search match ${match} and users.id = found.rowid`)
  return { query, keys: { value: rowid, id: rowid } }
}

/** A cursor holds 0 and 1 for flags, as SQLite does; PostgreSQL compares flags with flags only. */
function boundsOf(db: Handle, { limit, ordering, edge }: PageRequest<UserColumn>): PageBounds {
  const isFlag = engineOf(db) === 'postgres' && ordering.column.startsWith('is_')
  return { limit, ordering, edge: edge && isFlag ? { ...edge, value: Boolean(edge.value) } : edge }
}

const holding = (role: string): Condition => {
  const roleId = sql`(select id from roles where code_name = ${role})`
  return {
    holds: sql<boolean>`exists (select 1 from user_roles as held
      where held.user_id = ${unindexed(id)} and held.role_id = ${roleId})`,
    ids: sql`select user_id from user_roles where role_id = ${roleId}`,
    isExact: true,
  }
}

const beingActive = (isActive: boolean): Condition => ({
  holds: sql<boolean>`${unindexed(orderKeys.is_active)} = ${isActive}`,
  ids: sql`select id from users where is_active = ${isActive}`,
  isExact: true,
})
