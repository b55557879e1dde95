import { type ConditionalActing, type PermissionId, permissionName, Rejection } from '../kernel/index.ts'
import { type AccessDeps, record } from './access-stores.ts'
import { effectDetails, recordRoleEffects } from './effects.ts'
import type { Permission } from './permission-store.ts'
import { writeRolePermissions } from './write-role-permissions.ts'

/**
 * Deletes a permission and takes it from every role; who asks must hold it if some role loses it. Refuses with
 * `not_found`, `precondition_failed` or `permission_denied`.
 */
export async function deletePermission(
  deps: Pick<AccessDeps, 'transaction' | 'clock'>,
  acting: ConditionalActing<Permission>,
  id: PermissionId,
): Promise<void> {
  const actor = { ...acting, nowMs: deps.clock.nowMs() }
  await deps.transaction(async stores => {
    const { permissions } = stores
    await permissions.takeTurn()
    const found = await permissions.findById(id)
    if (found === undefined) throw new Rejection('not_found')
    acting.precondition?.(found)
    const roleIds = await permissions.rolesHolding({ permissionId: id })
    const { effects } = await writeRolePermissions(stores, actor, roleIds, () => permissions.delete(id))
    const [action, target] = ['permission.delete' as const, `permissions/${id}`]
    await record(stores, actor, action, target, {
      resource: found.resource,
      action: found.action,
      ...effectDetails(effects),
    })
    await recordRoleEffects(
      stores,
      actor,
      { action, target, name: permissionName(found.resource, found.action) },
      effects,
    )
  })
}
