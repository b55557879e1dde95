import type { Acting } from '../kernel/index.ts'
import { type AccessDeps, record } from './access-stores.ts'
import { findParts, type PermissionFields, takenPermission } from './permission-parts.ts'
import type { Permission } from './permission-store.ts'

/**
 * Makes a permission that no role holds yet. Refuses with `invalid_request` (an unknown resource or action) or
 * `conflict` (it exists already).
 */
export async function createPermission(
  deps: Pick<AccessDeps, 'transaction' | 'clock'>,
  acting: Acting,
  { resource, action }: PermissionFields,
): Promise<Permission> {
  const actor = { ...acting, nowMs: deps.clock.nowMs() }
  return await deps.transaction(async stores => {
    await stores.permissions.takeTurn()
    const parts = await findParts(stores, { resource, action })
    if ((await stores.permissions.find(parts)) !== undefined) throw takenPermission()
    const id = await stores.permissions.add(parts)
    await record(stores, actor, 'permission.create', `permissions/${id}`, { resource, action })
    return { id, resource, action }
  })
}
