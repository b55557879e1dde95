import type { UserId } from '../kernel/index.ts'
import { type Handle, preparedQuery } from '../store/index.ts'
import type { GrantsStore } from './standing-store.ts'

const selectGrantsOfUser = preparedQuery((db, { userId }: { userId: UserId }) =>
  db
    .selectFrom('users as u')
    .leftJoin('user_roles as ur', 'ur.user_id', 'u.id')
    .leftJoin('roles as r', 'r.id', 'ur.role_id')
    .select(['u.is_active', 'u.is_superuser', 'r.id', 'r.code_name'])
    .where('u.id', '=', userId)
    .orderBy('r.code_name'),
)

export const sqlGrantsStore = (db: Handle): GrantsStore => {
  const find: GrantsStore['find'] = async userId => {
    const rows = await selectGrantsOfUser(db, { userId })
    const [first] = rows
    return (
      first && {
        isActive: Boolean(first.is_active),
        isSuperuser: Boolean(first.is_superuser),
        roles: rows.flatMap(row => row.code_name ?? []),
        roleIds: rows.flatMap(row => row.id ?? []),
      }
    )
  }
  return {
    find,
    async get(userId) {
      const grants = await find(userId)
      if (grants === undefined) throw new Error(`There is no user ${userId}, though a row refers to it.`)
      return grants
    },
  }
}
