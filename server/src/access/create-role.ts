import type { Acting } from '../kernel/index.ts'
import { type AccessDeps, record } from './access-stores.ts'
import { assertNamesAreFree } from './free-names.ts'
import { type RoleFields, type RoleWithPermissions, withPermissions } from './role.ts'
import { parsePermissionNames, replacePermissions } from './role-permissions.ts'
import { writeRolePermissions } from './write-role-permissions.ts'

/**
 * Makes a role. Who asks must hold every permission of it. Refuses with `invalid_request` (a permission that is
 * malformed or unknown), `permission_denied` or `conflict` (a name is taken).
 */
export async function createRole(
  deps: Pick<AccessDeps, 'transaction' | 'clock'>,
  acting: Acting,
  fields: RoleFields,
): Promise<RoleWithPermissions> {
  const names = parsePermissionNames(fields.permissions)
  const actor = { ...acting, nowMs: deps.clock.nowMs() }
  return await deps.transaction(async stores => {
    await stores.permissions.takeTurn()
    const write = async () => {
      await assertNamesAreFree(stores.roles, fields)
      const role = await stores.roles.add(fields)
      await replacePermissions(stores, role.id, names)
      return role
    }
    const { written, after } = await writeRolePermissions(stores, actor, [], write, role => role.id)
    const role = withPermissions(written, after)
    await record(stores, actor, 'role.create', `roles/${role.id}`, {
      code_name: role.codeName,
      permissions: role.permissions,
    })
    return role
  })
}
