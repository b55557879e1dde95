import { type RawBuilder, type Selectable, sql } from 'kysely'
import type { Listed, Page, PageCursor, PageRequest } from '../kernel/index.ts'
import {
  type Handle,
  hideFromIndex,
  type ListFilter,
  nameOrder,
  pageBounds,
  paginateFiltered,
  searchUsers,
  type UsersTable,
} from '../store/index.ts'
import {
  type AccountField,
  accountFields,
  allFields,
  type ColumnOf,
  definitionOf,
  type OrderedField,
  orderedFields,
  type TextField,
  type User,
} from './account-fields.ts'
import type { UserColumn, UserFilter } from './user-store.ts'

const id = sql`users.id`

type NameColumn = ColumnOf<OrderedField & TextField>

const kinds = Object.fromEntries(
  orderedFields.map(field => [accountFields[field].column, accountFields[field].kind]),
) as Record<UserColumn, (typeof accountFields)[OrderedField]['kind']>

const isName = (column: UserColumn): column is NameColumn => kinds[column] === 'text'

/** Nullable columns are ordered as if empty, so that both engines put them in the same place. An index has each. */
const orderKeyOf = (db: Handle, column: UserColumn): RawBuilder<unknown> => {
  if (column === 'id') return id
  if (isName(column)) return nameOrder(db, column)
  const ref = sql.ref(`users.${column}`)
  return kinds[column] === 'optionalInstant' ? sql`coalesce(${ref}, 0)` : ref
}

/** One page of the accounts. */
export async function listUsers(
  db: Handle,
  filter: UserFilter,
  request: PageRequest<UserColumn>,
): Promise<Page<Listed<User>>> {
  const search = request.search === undefined ? undefined : await searchUsers(db, request.search)
  const filters = [
    ...(search === undefined ? [] : [search]),
    ...(filter.role === undefined ? [] : [hasRole(filter.role)]),
    ...(filter.isActive === undefined ? [] : [hasActivity(filter.isActive)]),
  ]
  const { column } = request.ordering
  // Of those that are active, or that are not, all are equal in that.
  const value = column === 'is_active' && filter.isActive !== undefined ? id : orderKeyOf(db, column)
  const { rows, ...rest } = await paginateFiltered(db, filters, {
    query: db.selectFrom('users').select(userColumns).select(value.as('place')),
    keys: { value, id },
    page: pageBounds(db, request, kinds[column] === 'flag'),
    indexScan: listFilter =>
      listFilter === search && search.match !== undefined && value === id
        ? foundInOrder(db, search.match)
        : undefined,
  })
  return { ...rest, rows: rows.map(row => ({ ...toUser(row), place: row.place as PageCursor['value'] })) }
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

const hasRole = (role: string): ListFilter => {
  const roleId = sql`(select id from roles where code_name = ${role})`
  return {
    predicate: sql<boolean>`exists (select 1 from user_roles as granted
      where granted.user_id = ${hideFromIndex(id)} and granted.role_id = ${roleId})`,
    candidateIds: sql`select user_id from user_roles where role_id = ${roleId}`,
    isExact: true,
  }
}

const hasActivity = (isActive: boolean): ListFilter => ({
  predicate: sql<boolean>`${hideFromIndex(sql`users.is_active`)} = ${isActive}`,
  candidateIds: sql`select id from users where is_active = ${isActive}`,
  isExact: true,
})

type NameKey = `${ColumnOf<OrderedField & TextField>}_key`

/** The columns of `users` that are not fields of an account. */
type Hidden = 'password' | 'force_logout_at' | 'search_text' | NameKey

export const userColumns: readonly `users.${ColumnOf<AccountField>}`[] = allFields.map(
  field => `users.${accountFields[field].column}` as const,
)

/** Every column but the hidden ones: a column without an entry in the table of fields does not compile. */
export type UserRow = Omit<Selectable<UsersTable>, Hidden>

/** SQLite gives flags as 0 and 1. */
export const toUser = (row: UserRow): User =>
  Object.fromEntries(
    allFields.map(field => {
      const value = row[accountFields[field].column]
      return [field, definitionOf(field).kind === 'flag' ? Boolean(value) : value]
    }),
  ) as unknown as User
