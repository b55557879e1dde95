import { type PermissionId, Refusal } from '../kernel/index.ts'
import { type AccessDeps, type Asking, record } from './access-stores.ts'
import { regrant } from './regrant.ts'

/** Deletes a permission and takes it from every role; who asks must hold it if some role loses it. */
export async function deletePermission(
  deps: Pick<AccessDeps, 'transaction' | 'clock'>,
  asking: Asking,
  id: PermissionId,
): Promise<void> {
  const act = { ...asking, nowMs: deps.clock.nowMs() }
  await deps.transaction(async stores => {
    const { permissions } = stores
    await permissions.takeTurn()
    const found = await permissions.findById(id)
    if (found === undefined) throw new Refusal('not_found')
    const roleIds = await permissions.rolesHolding({ permissionId: id })
    await regrant(stores, act, roleIds, () => permissions.delete(id))
    await record(stores, act, 'permission.delete', `permissions/${id}`, {
      resource: found.resource,
      action: found.action,
    })
  })
}
