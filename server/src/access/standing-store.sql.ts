import type { Handle } from '../store/index.ts'
import type { StandingStore } from './standing-store.ts'

export const sqlStandingStore = (db: Handle): StandingStore => {
  const find: StandingStore['find'] = async userId => {
    const rows = await db
      .selectFrom('users as u')
      .leftJoin('user_roles as ur', 'ur.user_id', 'u.id')
      .leftJoin('roles as r', 'r.id', 'ur.role_id')
      .select(['u.is_active', 'u.is_superuser', 'r.code_name'])
      .where('u.id', '=', userId)
      .orderBy('r.code_name')
      .execute()
    const [first] = rows
    return (
      first && {
        isActive: Boolean(first.is_active),
        isSuperuser: Boolean(first.is_superuser),
        roles: rows.flatMap(row => row.code_name ?? []),
      }
    )
  }
  return {
    find,
    async get(userId) {
      const standing = await find(userId)
      if (standing === undefined) throw new Error(`There is no user ${userId}, though a row refers to it.`)
      return standing
    },
  }
}
