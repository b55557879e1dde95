import { type RawBuilder, type Selectable, sql } from 'kysely'
import type { Listed, Page, PageCursor, PageRequest, RowCount } from '../kernel/index.ts'
import {
  countFiltered,
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

export interface UserFilter {
  readonly isActive?: boolean | undefined
  /** Code name of a role that the user holds. */
  readonly role?: string | undefined
}

export type UserColumn = ColumnOf<OrderedField>

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

async function filtersOf(db: Handle, filter: UserFilter, searched: string | undefined) {
  const search = searched === undefined ? undefined : await searchUsers(db, searched)
  const filters: readonly ListFilter[] = [
    ...(search === undefined ? [] : [search]),
    ...(filter.role === undefined ? [] : [hasRole(filter.role)]),
    ...(filter.isActive === undefined ? [] : [hasActivity(filter.isActive)]),
  ]
  return { search, filters }
}

/** How many accounts the list has, up to a bound. */
export async function countUsers(
  db: Handle,
  filter: UserFilter,
  searched: string | undefined,
): Promise<RowCount> {
  const { filters } = await filtersOf(db, filter, searched)
  return await countFiltered(db, { table: 'users', id }, filters)
}

/** One page of the accounts. */
export async function listUsers(
  db: Handle,
  filter: UserFilter,
  request: PageRequest<UserColumn>,
): Promise<Page<Listed<User>>> {
  const { search, filters } = await filtersOf(db, filter, request.search)
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

/** The very condition of `users__foreign_password__index` (migration 0013), or the index does not serve. */
const isForeign = sql<boolean>`substr(password, 1, 30) <> '$argon2id$v=19$m=19456,t=2,p=1'`

/** How the forms begin that we can check (password-hash.ts). */
const forms = ['$argon2', 'argon2$', 'pbkdf2_sha256$']

/** What stands before the salt: with these parameters a hash of one form costs the same, whosever it is. */
const costPrefix = /^(?:pbkdf2_sha256\$\d+|(?:argon2)?\$argon2id?\$v=\d+\$m=\d+,t=\d+,p=\d+)\$/

/** A handful in practice; a table full of malformed hashes must not be read row by row. */
const mostKinds = 200

/**
 * One stored hash of each form and cost that are not ours. The index is searched once for each kind, and all others of
 * the kind are passed over: it takes as long among a million imported accounts as among ten.
 */
export async function listForeignHashes(db: Handle): Promise<readonly string[]> {
  const found: string[] = []
  for (const form of forms) {
    let from = form
    while (found.length < mostKinds) {
      const row = await db
        .selectFrom('users')
        .select('password')
        .where(isForeign)
        .where('password', '>=', from)
        // Above every character of a hash.
        .where('password', '<', `${form}~`)
        .orderBy('password')
        .limit(1)
        .executeTakeFirst()
      if (row === undefined) break
      found.push(row.password)
      from = beyondKind(row.password)
    }
  }
  return found
}

/** The first text behind all hashes of this kind: `%` comes right after the `$` that ends the parameters. */
function beyondKind(stored: string): string {
  const [prefix] = costPrefix.exec(stored) ?? []
  return prefix === undefined ? `${stored} ` : `${prefix.slice(0, -1)}%`
}
