import { type Insertable, type Selectable, sql } from 'kysely'
import { type EpochMs, nameKeyOf, type UserId } from '../kernel/index.ts'
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
  type OrderedField,
  orderedFields,
  searchTextOf,
  type TextField,
  textFields,
  type WritableField,
  type WritableFields,
  writableFields,
} from './account-fields.ts'
import { listUsers, toUser, type UserRow, userColumns } from './user-list.sql.ts'
import type { StoredAccount, UserStore } from './user-store.ts'

const userById = preparedRow((db, { id }: { id: UserId }) =>
  db.selectFrom('users').select(userColumns).where('id', '=', id),
)

const userByEmail = preparedRow((db, { email }: { email: string }) =>
  db
    .selectFrom('users')
    .select(userColumns)
    .select(['password', 'force_logout_at'])
    .where('email', '=', email),
)

const loginOf = preparedQuery(
  (
    db,
    {
      id,
      verifiedHash,
      password,
      nowMs,
    }: { id: UserId; verifiedHash: string; password: string; nowMs: EpochMs },
  ) =>
    db
      .updateTable('users')
      .set({ last_login: nowMs, password })
      .where('id', '=', id)
      .where('is_active', '=', true)
      .where('password', '=', verifiedHash)
      .returning(userColumns),
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

const rolesOfOne = preparedQuery((db, { userId }: { userId: UserId }) =>
  db
    .selectFrom('user_roles as ur')
    .innerJoin('roles as r', 'r.id', 'ur.role_id')
    .select(['ur.user_id', 'r.code_name'])
    .where('ur.user_id', '=', userId)
    .orderBy('r.code_name'),
)

export const sqlUserStore = (db: Handle): UserStore => ({
  async add(user, nowMs) {
    // ON CONFLICT rather than a caught error: on PostgreSQL an error would end the whole transaction.
    const row = await db
      .insertInto('users')
      .values({
        ...toColumns(user),
        password: user.passwordHash,
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

  async findById(id) {
    const row = await userById(db, { id })
    return row && toUser(row)
  },

  async findByEmail(email) {
    const row = await userByEmail(db, { email })
    return row && toStoredAccount(row)
  },

  async findAccount(id) {
    const row = await db
      .selectFrom('users')
      .select(userColumns)
      .select(['password', 'force_logout_at'])
      .where('id', '=', id)
      .executeTakeFirst()
    return row && toStoredAccount(row)
  },

  listForeignHashes: () => listForeignHashes(db),

  async recordLogin(id, verifiedHash, replacementHash, nowMs) {
    const [row] = await loginOf(db, { id, verifiedHash, password: replacementHash ?? verifiedHash, nowMs })
    return row && toUser(row)
  },

  async replacePassword(id, verifiedHash, newHash, nowMs) {
    const row = await db
      .updateTable('users')
      .set({ password: newHash, updated_at: nowMs })
      .where('id', '=', id)
      .where('password', '=', verifiedHash)
      .returning('id')
      .executeTakeFirst()
    return row !== undefined
  },

  async update(id, changes, nowMs) {
    const before = await this.lock(id)
    return before && this.updateLocked(before, changes, nowMs)
  },

  async updateLocked(before, changes, nowMs) {
    try {
      const row = await db
        .updateTable('users')
        .set({ ...toColumns({ ...before, ...changes }), updated_at: nowMs })
        .where('id', '=', before.id)
        .returning(userColumns)
        .executeTakeFirstOrThrow()
      return toUser(row)
    } catch (error) {
      if (isUniqueViolation(error, 'users', 'email')) return 'taken'
      throw error
    }
  },

  async erase(id, { email, passwordHash }, nowMs) {
    await db
      .updateTable('users')
      .set({
        ...toColumns(erasedFields(email)),
        password: passwordHash,
        last_login: null,
        updated_at: nowMs,
      })
      .where('id', '=', id)
      .execute()
  },

  async lock(id) {
    const [row] = await lockUser(db, { id })
    return row && toUser(row)
  },

  async lockActiveSuperusers() {
    return (await lockSuperusers(db)).map(row => row.id as UserId)
  },

  list: (filter, page) => listUsers(db, filter, page),

  async count() {
    const all = db.selectFrom('users').select(({ fn }) => fn.countAll<number>().as('count'))
    // Closed accounts are the few; both values of the first column let the index answer.
    const closed = all.where('is_superuser', 'in', [true, false]).where('is_active', '=', false)
    const [{ count: total }, { count: inactive }] = await Promise.all([
      all.executeTakeFirstOrThrow(),
      closed.executeTakeFirstOrThrow(),
    ])
    return { total, active: Math.max(0, total - inactive) }
  },

  async rolesOf(ids) {
    const held = new Map<UserId, string[]>()
    if (ids.length === 0) return held
    const rows =
      ids.length === 1
        ? await rolesOfOne(db, { userId: ids[0]! })
        : await db
            .selectFrom('user_roles as ur')
            .innerJoin('roles as r', 'r.id', 'ur.role_id')
            .select(['ur.user_id', 'r.code_name'])
            .where('ur.user_id', 'in', ids)
            .orderBy('r.code_name')
            .execute()
    for (const row of rows) {
      const id = row.user_id as UserId
      held.set(id, [...(held.get(id) ?? []), row.code_name])
    }
    return held
  },
})

const toStoredAccount = (
  row: UserRow & Pick<Selectable<UsersTable>, 'password' | 'force_logout_at'>,
): StoredAccount => ({
  user: toUser(row),
  passwordHash: row.password,
  loggedOutAtMs: row.force_logout_at,
})

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
