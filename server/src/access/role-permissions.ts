import {
  invalidField,
  message,
  type PermissionName,
  type RoleId,
  splitPermissionName,
} from '../kernel/index.ts'
import type { AccessStores } from './access-stores.ts'

const isPermissionName = (name: string): name is PermissionName => splitPermissionName(name) !== undefined

/** The names as permissions, each once. Refuses those of another form in `errors.permissions`. */
export function parsePermissionNames(names: readonly string[]): readonly PermissionName[] {
  const wellFormed = names.filter(isPermissionName)
  if (wellFormed.length < names.length) throw invalidField('permissions', message('permission.malformed'))
  return [...new Set(wellFormed)]
}

/**
 * Makes these the permissions of the role; rows that no role has needed yet are made on the way. Refuses names
 * whose resource or action does not exist, each in `errors.permissions`.
 */
export async function replacePermissions(
  { permissions }: Pick<AccessStores, 'permissions'>,
  roleId: RoleId,
  names: readonly PermissionName[],
): Promise<void> {
  const { ids, unknown } = await permissions.ensure(names)
  if (unknown.length > 0) {
    throw invalidField(
      'permissions',
      ...unknown.map(permission => message('permission.unknown', { permission })),
    )
  }
  await permissions.replaceOfRole(roleId, ids)
}
