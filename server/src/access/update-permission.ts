import { type ConditionalActing, type PermissionId, permissionName, Rejection } from '../kernel/index.ts'
import { type AccessDeps, record } from './access-stores.ts'
import { differences } from './differences.ts'
import { effectDetails, recordRoleEffects } from './effects.ts'
import { findParts, type PermissionFields, takenPermission } from './permission-parts.ts'
import type { Permission } from './permission-store.ts'
import { writeRolePermissions } from './write-role-permissions.ts'

/**
 * Makes another permission of this one, in every role that holds it: who asks must then hold the old one and
 * the new one. Refuses with `not_found`, `precondition_failed`, `invalid_request` (an unknown resource or action), `permission_denied` or
 * `conflict` (the new one exists already).
 */
export async function updatePermission(
  deps: Pick<AccessDeps, 'transaction' | 'clock'>,
  acting: ConditionalActing<Permission>,
  id: PermissionId,
  changes: Partial<PermissionFields>,
): Promise<Permission> {
  const actor = { ...acting, nowMs: deps.clock.nowMs() }
  return await deps.transaction(async stores => {
    const { permissions } = stores
    await permissions.takeTurn()
    const found = await permissions.findById(id)
    if (found === undefined) throw new Rejection('not_found')
    acting.precondition?.(found)
    const updated = { ...found, ...changes }
    const parts = await findParts(stores, updated)
    const changed = differences({ ...found }, { ...updated })
    if (changed === undefined) return found
    if ((await permissions.find(parts)) !== undefined) throw takenPermission()

    const roleIds = await permissions.rolesHolding({ permissionId: id })
    const { effects } = await writeRolePermissions(stores, actor, roleIds, () =>
      permissions.update(id, parts),
    )
    const [action, target] = ['permission.update' as const, `permissions/${id}`]
    await record(stores, actor, action, target, { ...changed, ...effectDetails(effects) })
    const name = permissionName(found.resource, found.action)
    await recordRoleEffects(stores, actor, { action, target, name }, effects)
    return updated
  })
}
