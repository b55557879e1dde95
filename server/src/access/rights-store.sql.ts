import { permissionName, type UserId } from '../kernel/index.ts'
import { type Handle, preparedQuery } from '../store/index.ts'
import type { RightsStore } from './rights-store.ts'

const rightsOf = preparedQuery((db, { userId }: { userId: UserId }) =>
  db
    .selectFrom('users as u')
    .leftJoin('user_roles as ur', 'ur.user_id', 'u.id')
    .leftJoin('roles as r', 'r.id', 'ur.role_id')
    .leftJoin('role_permissions as rp', 'rp.role_id', 'r.id')
    .leftJoin('permissions as p', 'p.id', 'rp.permission_id')
    .leftJoin('resources as res', 'res.id', 'p.resource_id')
    .leftJoin('actions as act', 'act.id', 'p.action_id')
    .select(['u.is_superuser', 'r.code_name as role', 'res.code_name as resource', 'act.code_name as action'])
    .where('u.id', '=', userId),
)

export const sqlRightsStore = (db: Handle): RightsStore => ({
  async of(userId) {
    const rows = await rightsOf(db, { userId })
    return {
      isSuperuser: Boolean(rows[0]?.is_superuser),
      roles: [...new Set(rows.flatMap(row => row.role ?? []))].sort(),
      permissions: new Set(
        rows.flatMap(({ resource, action }) =>
          resource === null || action === null ? [] : permissionName(resource, action),
        ),
      ),
    }
  },
})
