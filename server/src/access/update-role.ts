import { type ConditionalActing, invalidField, Rejection, type RoleId } from '../kernel/index.ts'
import { type AccessDeps, record } from './access-stores.ts'
import { differences } from './differences.ts'
import { effectDetails } from './effects.ts'
import { assertNamesAreFree } from './free-names.ts'
import { assertNoHigherHolder } from './rank.ts'
import { assertUnchanged, type RoleChanges, type RoleWithPermissions, withPermissions } from './role.ts'
import { checkRoleListLength } from './role-list-room.ts'
import { changePermissions, parsePermissionChange } from './role-permissions.ts'
import { writeRolePermissions } from './write-role-permissions.ts'

/**
 * Changes the named fields of a role; absent ones stay. Who asks must hold every permission that is added or
 * taken away; a new name or description needs no more than the route's permission, and for a new code name no holder may
 * outrank them. Refuses with `not_found` (a single permission that is given or taken and does not exist, too),
 * `precondition_failed`, `invalid_request` (a wrong permission; a code name that its holders' tokens have no room for),
 * `permission_denied` or `conflict` (a name is taken).
 */
export async function updateRole(
  deps: AccessDeps,
  acting: ConditionalActing<RoleWithPermissions>,
  id: RoleId,
  changes: RoleChanges,
): Promise<RoleWithPermissions> {
  const { permissions: wanted, ...named } = changes
  const change = wanted && parsePermissionChange(wanted)
  const actor = { ...acting, nowMs: deps.clock.nowMs() }
  return await deps.transaction(async stores => {
    await stores.permissions.takeTurn()
    const found = await stores.roles.lock(id)
    if (found === undefined) throw new Rejection('not_found')
    await assertUnchanged(stores, acting, found)
    if ((named.codeName ?? found.codeName) !== found.codeName) {
      await assertNoHigherHolder(stores, acting.principal, id)
    }

    const fields = { ...found, ...named }
    const { written, before, after, effects } = await writeRolePermissions(stores, actor, [id], async () => {
      await assertNamesAreFree(stores.roles, fields, found)
      if (change !== undefined) await changePermissions(stores, id, change)
      return await stores.roles.update(id, fields)
    })
    const role = withPermissions(written, after)
    if (written.codeName.length > found.codeName.length) {
      const fault = checkRoleListLength(await stores.assignments.longestRoleList(id), 'role.too_long')
      if (fault !== undefined) throw invalidField('code_name', fault)
    }
    const changed = differences(toAudit(withPermissions(found, before)), toAudit(role))
    if (changed !== undefined) {
      await record(stores, actor, 'role.update', `roles/${id}`, { ...changed, ...effectDetails(effects) })
    }
    return role
  })
}

const toAudit = ({ name, codeName, description, permissions }: RoleWithPermissions) => ({
  name,
  code_name: codeName,
  description,
  permissions,
})
