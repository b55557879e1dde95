import { type ListSpec, searchParameter, Type } from '../http/index.ts'
import type { Listed } from '../kernel/index.ts'
import type { User } from './user.ts'
import type { UserColumn } from './user-store.ts'

/** What the list and its export can be narrowed down by. */
export const userFilters = {
  search: searchParameter,
  is_active: Type.Optional(
    Type.Boolean({ description: 'Only accounts that are open, or only closed ones.' }),
  ),
  role: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 100,
      description: 'Only holders of the role with this code name.',
    }),
  ),
}

/** Nullable columns stand as in the ORDER BY of the store: as if empty. Names are ordered by a key that the store knows. */
export const userList: ListSpec<Listed<User>, UserColumn> = {
  path: '/api/auth/users/',
  orderings: {
    id: user => user.id,
    email: user => user.email,
    first_name: user => user.place,
    last_name: user => user.place,
    middle_name: user => user.place,
    is_active: user => Number(user.isActive),
    is_staff: user => Number(user.isStaff),
    is_superuser: user => Number(user.isSuperuser),
    date_joined: user => user.dateJoinedMs,
    last_login: user => user.lastLoginMs ?? 0,
    updated_at: user => user.updatedAtMs,
  },
  defaultOrdering: 'id',
  idOf: user => user.id,
}
