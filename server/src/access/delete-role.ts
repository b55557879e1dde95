import { type ConditionalActing, Rejection, type RoleId } from '../kernel/index.ts'
import { type AccessDeps, record } from './access-stores.ts'
import { effectDetails } from './effects.ts'
import { assertNoHigherHolder } from './rank.ts'
import { assertUnchanged, type RoleWithPermissions, withPermissions } from './role.ts'
import { writeRolePermissions } from './write-role-permissions.ts'

/**
 * Deletes a role and takes it from its holders. Who asks must hold every permission of it, and no holder may outrank
 * them. Refuses with `not_found`, `precondition_failed` or `permission_denied`.
 */
export async function deleteRole(
  deps: AccessDeps,
  acting: ConditionalActing<RoleWithPermissions>,
  id: RoleId,
): Promise<void> {
  const actor = { ...acting, nowMs: deps.clock.nowMs() }
  await deps.transaction(async stores => {
    await stores.permissions.takeTurn()
    const role = await stores.roles.lock(id)
    if (role === undefined) throw new Rejection('not_found')
    await assertUnchanged(stores, acting, role)
    await assertNoHigherHolder(stores, acting.principal, id)

    const { before, effects } = await writeRolePermissions(stores, actor, [id], async () => {
      await stores.assignments.removeFromAll(id)
      await stores.roles.delete(id)
    })
    await record(stores, actor, 'role.delete', `roles/${id}`, {
      code_name: role.codeName,
      permissions: withPermissions(role, before).permissions,
      ...effectDetails(effects),
    })
  })
}
