import { type Acting, Refusal, type RoleId } from '../kernel/index.ts'
import { type AccessDeps, record } from './access-stores.ts'
import { effectDetails } from './effects.ts'
import { regrant } from './regrant.ts'
import { withPermissions } from './role.ts'

/**
 * Deletes a role and takes it from its holders. Who asks must hold every permission of it. Refuses with `not_found` or
 * `permission_denied`.
 */
export async function deleteRole(deps: AccessDeps, acting: Acting, id: RoleId): Promise<void> {
  const act = { ...acting, nowMs: deps.clock.nowMs() }
  await deps.transaction(async stores => {
    await stores.permissions.takeTurn()
    const role = await stores.roles.lock(id)
    if (role === undefined) throw new Refusal('not_found')

    const { before, effects } = await regrant(stores, act, [id], async () => {
      await stores.assignments.takeFromAll(id)
      await stores.roles.delete(id)
    })
    await record(stores, act, 'role.delete', `roles/${id}`, {
      code_name: role.codeName,
      permissions: withPermissions(role, before).permissions,
      ...effectDetails(effects),
    })
  })
}
