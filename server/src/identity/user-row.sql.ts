import type { Selectable } from 'kysely'
import type { EpochMs, UserId } from '../kernel/index.ts'
import type { UsersTable } from '../store/index.ts'
import type { User } from './user.ts'

export const userColumns = [
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

export type UserRow = Pick<
  Selectable<UsersTable>,
  (typeof userColumns)[number] extends `users.${infer C}` ? C & keyof UsersTable : never
>

export const toUser = (row: UserRow): User => ({
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
