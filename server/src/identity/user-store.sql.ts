import type { Insertable } from 'kysely'
import { type EpochMs, nameKeyOf, type PageRequest, type UserId } from '../kernel/index.ts'
import {
  type Handle,
  isUniqueViolation,
  lockRows,
  preparedQuery,
  preparedRow,
  type UsersTable,
} from '../store/index.ts'
import {
  accountFields,
  type ColumnOf,
  erasedFields,
  type NewUser,
  type OrderedField,
  orderedFields,
  searchTextOf,
  type TextField,
  textFields,
  type User,
  type UserChanges,
  type WritableField,
  type WritableFields,
  writableFields,
} from './account-fields.ts'
import { sqlCredentials } from './credentials.sql.ts'
import {
  countUsers,
  listForeignHashes,
  listUsers,
  toUser,
  type UserColumn,
  type UserFilter,
  userColumns,
} from './user-list.sql.ts'

export type UserStore = ReturnType<typeof sqlUserStore>

export const sqlUserStore = (db: Handle) => ({
  ...sqlCredentials(db),

  /** `taken` when the address belongs to an account already, closed ones included. */
  async add(user: NewUser, nowMs: EpochMs): Promise<User | 'taken'> {
    // ON CONFLICT rather than a caught error: on PostgreSQL an error would end the whole transaction.
    const row = await db
      .insertInto('users')
      .values({
        ...toColumns(user),
        password: user.passwordHash,
        email_verified: user.emailVerified ?? false,
        date_joined: nowMs,
        last_login: null,
        updated_at: nowMs,
        force_logout_at: null,
      })
      .onConflict(conflict => conflict.doNothing())
      .returning(userColumns)
      .executeTakeFirst()
    return row === undefined ? 'taken' : toUser(row)
  },

  async findById(id: UserId): Promise<User | undefined> {
    const row = await userById(db, { id })
    return row && toUser(row)
  },

  /** One stored hash of each form and cost that are not our own. */
  listForeignHashes: () => listForeignHashes(db),

  /** Undefined when there is no such user; `taken` when the new address is another's. */
  async update(id: UserId, changes: UserChanges, nowMs: EpochMs): Promise<User | 'taken' | undefined> {
    const before = await lockById(db, id)
    return before && updateLocked(db, before, changes, nowMs)
  },

  /** The same for a user that this transaction has locked, as `lock` gave it. */
  updateLocked: (before: User, changes: UserChanges, nowMs: EpochMs) =>
    updateLocked(db, before, changes, nowMs),

  /** Closes the account for good: these take the place of all that is known of its person. */
  async erase(
    id: UserId,
    { email, passwordHash }: { email: string; passwordHash: string },
    nowMs: EpochMs,
  ): Promise<void> {
    await db
      .updateTable('users')
      .set({
        ...toColumns(erasedFields(email)),
        password: passwordHash,
        email_verified: false,
        last_login: null,
        updated_at: nowMs,
      })
      .where('id', '=', id)
      .execute()
  },

  /** The user as it stands, locked until the transaction ends. */
  lock: (id: UserId) => lockById(db, id),

  /** Locks every active superuser and gives their ids: who takes one away must see the others stay. */
  async lockActiveSuperusers(): Promise<readonly UserId[]> {
    return (await lockSuperusers(db)).map(row => row.id as UserId)
  },

  list: (filter: UserFilter, page: PageRequest<UserColumn>) => listUsers(db, filter, page),

  countListed: (filter: UserFilter, search: string | undefined) => countUsers(db, filter, search),

  /** From indexes alone; still, it takes tens of milliseconds among a million. */
  async count(): Promise<{ readonly total: number; readonly active: number }> {
    const all = db.selectFrom('users').select(({ fn }) => fn.countAll<number>().as('count'))
    // Closed accounts are the few; both values of the first column let the index answer.
    const closed = all.where('is_superuser', 'in', [true, false]).where('is_active', '=', false)
    const [{ count: total }, { count: inactive }] = await Promise.all([
      all.executeTakeFirstOrThrow(),
      closed.executeTakeFirstOrThrow(),
    ])
    return { total, active: Math.max(0, total - inactive) }
  },

  /** Code names of the roles that these users hold, sorted. Who holds none has no entry. */
  async rolesOf(ids: readonly UserId[]): Promise<ReadonlyMap<UserId, readonly string[]>> {
    const held = new Map<UserId, string[]>()
    if (ids.length === 0) return held
    const rows =
      ids.length === 1
        ? await rolesOfOne(db, { userId: ids[0]! })
        : await heldRoles(db).where('ur.user_id', 'in', ids).execute()
    for (const row of rows) {
      const id = row.user_id as UserId
      held.set(id, [...(held.get(id) ?? []), row.code_name])
    }
    return held
  },
})

const userById = preparedRow((db, { id }: { id: UserId }) =>
  db.selectFrom('users').select(userColumns).where('id', '=', id),
)

const lockUser = preparedQuery((db, { id }: { id: UserId }) =>
  lockRows(db, db.selectFrom('users').select(userColumns).where('id', '=', id)),
)

const lockSuperusers = preparedQuery(db =>
  lockRows(
    db,
    db
      .selectFrom('users')
      .select('id')
      .where('is_superuser', '=', true)
      .where('is_active', '=', true)
      .orderBy('id'),
  ),
)

const heldRoles = (db: Handle) =>
  db
    .selectFrom('user_roles as ur')
    .innerJoin('roles as r', 'r.id', 'ur.role_id')
    .select(['ur.user_id', 'r.code_name'])
    .orderBy('r.code_name')

const rolesOfOne = preparedQuery((db, { userId }: { userId: UserId }) =>
  heldRoles(db).where('ur.user_id', '=', userId),
)

async function lockById(db: Handle, id: UserId): Promise<User | undefined> {
  const [row] = await lockUser(db, { id })
  return row && toUser(row)
}

async function updateLocked(
  db: Handle,
  before: User,
  changes: UserChanges,
  nowMs: EpochMs,
): Promise<User | 'taken'> {
  try {
    const row = await db
      .updateTable('users')
      .set({
        ...toColumns({ ...before, ...changes }),
        // Who sets another address has not shown that its mail reaches the owner of the account.
        email_verified: before.emailVerified && (changes.email ?? before.email) === before.email,
        updated_at: nowMs,
      })
      .where('id', '=', before.id)
      .returning(userColumns)
      .executeTakeFirstOrThrow()
    return toUser(row)
  } catch (error) {
    if (isUniqueViolation(error, 'users', 'email')) return 'taken'
    throw error
  }
}

const orderedTexts = orderedFields.filter((field): field is OrderedField & TextField =>
  (textFields as readonly string[]).includes(field),
)

/** What callers write, and what search and order make of it. */
const toColumns = (user: WritableFields) => ({
  ...(Object.fromEntries(writableFields.map(field => [accountFields[field].column, user[field]])) as Pick<
    Insertable<UsersTable>,
    ColumnOf<WritableField>
  >),
  ...(Object.fromEntries(
    orderedTexts.map(field => [`${accountFields[field].column}_key`, nameKeyOf(user[field])]),
  ) as Pick<Insertable<UsersTable>, `${ColumnOf<OrderedField & TextField>}_key`>),
  search_text: searchTextOf(user),
})
