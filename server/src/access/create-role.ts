import type { Acting } from '../kernel/index.ts'
import { type AccessDeps, record } from './access-stores.ts'
import { assertFree } from './free-names.ts'
import { regrant } from './regrant.ts'
import { type RoleFields, type RoleWithPermissions, withPermissions } from './role.ts'
import { parsePermissionNames, replacePermissions } from './role-permissions.ts'

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
  const act = { ...acting, nowMs: deps.clock.nowMs() }
  return await deps.transaction(async stores => {
    await stores.permissions.takeTurn()
    const write = async () => {
      await assertFree(stores.roles, fields)
      const role = await stores.roles.add(fields)
      await replacePermissions(stores, role.id, names)
      return role
    }
    const { written, after } = await regrant(stores, act, [], write, role => role.id)
    const role = withPermissions(written, after)
    await record(stores, act, 'role.create', `roles/${role.id}`, {
      code_name: role.codeName,
      permissions: role.permissions,
    })
    return role
  })
}
