import { type Selectable, sql } from 'kysely'
import type { EpochMs, UserId } from '../kernel/index.ts'
import {
  containing,
  type Handle,
  hotQuery,
  isUniqueViolation,
  paginate,
  type UsersTable,
} from '../store/index.ts'
import { type Names, type NewUser, namesOf, type User } from './user.ts'
import type { UserColumn, UserStore } from './user-store.ts'

/** Nullable columns are ordered as if empty, so that both engines put them in the same place. */
const orderKeys: Record<UserColumn, ReturnType<typeof sql>> = {
  id: sql`users.id`,
  email: sql`users.email`,
  first_name: sql`coalesce(users.first_name, '')`,
  last_name: sql`coalesce(users.last_name, '')`,
  middle_name: sql`coalesce(users.middle_name, '')`,
  is_active: sql`case when users.is_active = ${true} then 1 else 0 end`,
  is_staff: sql`case when users.is_staff = ${true} then 1 else 0 end`,
  is_superuser: sql`case when users.is_superuser = ${true} then 1 else 0 end`,
  date_joined: sql`users.date_joined`,
  last_login: sql`coalesce(users.last_login, 0)`,
  updated_at: sql`users.updated_at`,
}

const userColumns = [
  'users.id',
  'users.email',
  'users.first_name',
  'users.last_name',
  'users.middle_name',
  'users.is_active',
  'users.is_staff',
  'users.is_superuser',
  'users.date_joined',
  'users.last_login',
  'users.updated_at',
] as const

const userById = hotQuery((db, id: UserId) => db.selectFrom('users').select(userColumns).where('id', '=', id))

const userByEmail = hotQuery((db, email: string) =>
  db.selectFrom('users').select(userColumns).select('password').where('email', '=', email),
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
    const [row] = await userById(db, id)
    return row && toUser(row)
  },

  async findByEmail(email) {
    const [row] = await userByEmail(db, email)
    return row && { user: toUser(row), passwordHash: row.password }
  },

  async findPasswordHash(id) {
    const row = await db.selectFrom('users').select('password').where('id', '=', id).executeTakeFirst()
    return row?.password
  },

  async recordLogin(id, verifiedHash, replacementHash, nowMs) {
    const row = await db
      .updateTable('users')
      .set({ last_login: nowMs, ...(replacementHash !== undefined && { password: replacementHash }) })
      .where('id', '=', id)
      .where('is_active', '=', true)
      .where('password', '=', verifiedHash)
      .returning(userColumns)
      .executeTakeFirst()
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
    if (before === undefined) return undefined
    try {
      const row = await db
        .updateTable('users')
        .set({ ...toColumns({ ...before, ...changes }), updated_at: nowMs })
        .where('id', '=', id)
        .returning(userColumns)
        .executeTakeFirstOrThrow()
      return toUser(row)
    } catch (error) {
      if (isUniqueViolation(error, 'users', 'email')) return 'taken'
      throw error
    }
  },

  async lock(id) {
    // An update locks the row on both engines; SELECT … FOR UPDATE exists on one of them only.
    const row = await db
      .updateTable('users')
      .set({ email: sql<string>`email` })
      .where('id', '=', id)
      .returning(userColumns)
      .executeTakeFirst()
    return row && toUser(row)
  },

  async lockActiveSuperusers() {
    const rows = await db
      .updateTable('users')
      .set({ email: sql<string>`email` })
      .where('is_superuser', '=', true)
      .where('is_active', '=', true)
      .returning('id')
      .execute()
    return rows.map(row => row.id as UserId)
  },

  async list(filter, page) {
    const query = db
      .selectFrom('users')
      .select(userColumns)
      .$if(filter.isActive !== undefined, q => q.where('is_active', '=', filter.isActive!))
      .$if(filter.role !== undefined, q =>
        q.where('users.id', 'in', r =>
          r
            .selectFrom('user_roles as ur')
            .innerJoin('roles as r', 'r.id', 'ur.role_id')
            .select('ur.user_id')
            .where('r.code_name', '=', filter.role!),
        ),
      )
      .$if(page.search !== undefined, q => q.where(containing(sql`users.search_text`, page.search!)))
    const { rows, ...rest } = await paginate(
      query,
      { value: orderKeys[page.ordering.column], id: orderKeys.id },
      page,
    )
    return { ...rest, rows: rows.map(toUser) }
  },

  async rolesOf(ids) {
    const held = new Map<UserId, string[]>()
    if (ids.length === 0) return held
    const rows = await db
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

const searchText = (user: Names & Pick<User, 'email'>): string =>
  [user.email, ...namesOf(user)].filter(Boolean).join(' ').toLowerCase()

/** What the owner or an administrator sets, and what is searched of it. */
const toColumns = (user: Omit<NewUser, 'passwordHash'>) => ({
  email: user.email,
  first_name: user.firstName,
  last_name: user.lastName,
  middle_name: user.middleName,
  is_active: user.isActive,
  is_staff: user.isStaff,
  is_superuser: user.isSuperuser,
  search_text: searchText(user),
})

type UserRow = Pick<
  Selectable<UsersTable>,
  (typeof userColumns)[number] extends `users.${infer C}` ? C & keyof UsersTable : never
>

const toUser = (row: UserRow): User => ({
  id: row.id as UserId,
  email: row.email,
  firstName: row.first_name,
  lastName: row.last_name,
  middleName: row.middle_name,
  isActive: Boolean(row.is_active),
  isStaff: Boolean(row.is_staff),
  isSuperuser: Boolean(row.is_superuser),
  dateJoinedMs: row.date_joined as EpochMs,
  lastLoginMs: row.last_login,
  updatedAtMs: row.updated_at,
})
