import type { Insertable } from 'kysely'
import type { UsersTable } from '../../server/src/store/index.ts'

/** A row that every rule of `users` accepts. */
export const newUser = (email: string): Insertable<UsersTable> => ({
  email,
  password: 'not-a-hash',
  first_name: null,
  last_name: null,
  middle_name: null,
  is_active: true,
  is_staff: false,
  is_superuser: false,
  date_joined: 1_700_000_000_000,
  last_login: null,
  updated_at: 1_700_000_000_000,
  force_logout_at: null,
  search_text: email,
})
