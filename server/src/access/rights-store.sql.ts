import {
  type ApiKeyId,
  isKeyPrincipal,
  type PermissionName,
  permissionName,
  type UserId,
} from '../kernel/index.ts'
import { type Handle, preparedQuery } from '../store/index.ts'
import { boundedBy, type Rights } from './rights.ts'
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

export const sqlRightsStore = (db: Handle): RightsStore => {
  async function ofKey(apiKeyId: ApiKeyId): Promise<Rights> {
    const [byRole, direct] = await Promise.all([
      db
        .selectFrom('api_key_roles as kr')
        .innerJoin('roles as r', 'r.id', 'kr.role_id')
        .leftJoin('role_permissions as rp', 'rp.role_id', 'r.id')
        .leftJoin('permissions as p', 'p.id', 'rp.permission_id')
        .leftJoin('resources as res', 'res.id', 'p.resource_id')
        .leftJoin('actions as act', 'act.id', 'p.action_id')
        .select(['r.code_name as role', 'res.code_name as resource', 'act.code_name as action'])
        .where('kr.api_key_id', '=', apiKeyId)
        .execute(),
      db
        .selectFrom('api_key_permissions as kp')
        .innerJoin('permissions as p', 'p.id', 'kp.permission_id')
        .innerJoin('resources as res', 'res.id', 'p.resource_id')
        .innerJoin('actions as act', 'act.id', 'p.action_id')
        .select(['res.code_name as resource', 'act.code_name as action'])
        .where('kp.api_key_id', '=', apiKeyId)
        .execute(),
    ])
    return {
      isSuperuser: false,
      roles: namesOf(byRole),
      permissions: new Set([...permissionsOf(byRole), ...permissionsOf(direct)]),
    }
  }

  async function of(userId: UserId): Promise<Rights> {
    const rows = await rightsOf(db, { userId })
    return {
      isSuperuser: Boolean(rows[0]?.is_superuser),
      roles: namesOf(rows),
      permissions: new Set(permissionsOf(rows)),
    }
  }

  return {
    of,
    async ofCaller(principal) {
      if (!isKeyPrincipal(principal)) return of(principal.userId)
      return boundedBy(await ofKey(principal.apiKeyId), await of(principal.userId))
    },
  }
}

const namesOf = (rows: readonly { readonly role: string | null }[]): readonly string[] =>
  [...new Set(rows.flatMap(row => row.role ?? []))].sort()

const permissionsOf = (
  rows: readonly { readonly resource: string | null; readonly action: string | null }[],
): readonly PermissionName[] =>
  rows.flatMap(({ resource, action }) =>
    resource === null || action === null ? [] : permissionName(resource, action),
  )
