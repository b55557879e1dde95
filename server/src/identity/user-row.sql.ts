import type { Selectable } from 'kysely'
import type { UsersTable } from '../store/index.ts'
import {
  type AccountField,
  accountFields,
  allFields,
  type ColumnOf,
  definitionOf,
  type OrderedField,
  type TextField,
  type User,
} from './account-fields.ts'

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
