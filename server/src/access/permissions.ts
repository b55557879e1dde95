import {
  type Caller,
  type ConditionalCaller,
  type Message,
  message,
  type PermissionId,
  permissionName,
  Rejection,
} from '../kernel/index.ts'
import { type AccessDeps, type AccessStores, differences, record } from './access-stores.ts'
import { recordWithEffects } from './effects.ts'
import type { Permission, PermissionParts } from './permission-store.sql.ts'
import { writeRolePermissions } from './role-permissions.ts'

/**
 * Makes a permission that no role holds yet. Refuses with `invalid_request` (an unknown resource or action) or
 * `conflict` (it exists already).
 */
export async function createPermission(
  deps: Pick<AccessDeps, 'transaction' | 'clock'>,
  caller: Caller,
  { resource, action }: PermissionFields,
): Promise<Permission> {
  const actor = { ...caller, nowMs: deps.clock.nowMs() }
  return await deps.transaction(async stores => {
    await stores.permissions.lockAccess()
    const parts = await findParts(stores, { resource, action })
    if ((await stores.permissions.find(parts)) !== undefined) throw takenPermission()
    const id = await stores.permissions.add(parts)
    const details = { resource, action }
    await record(stores, actor, { action: 'permission.create', target: `permissions/${id}`, details })
    return { id, resource, action }
  })
}

/**
 * Makes another permission of this one, in every role that holds it: who asks must then hold the old one and
 * the new one. Refuses with `not_found`, `precondition_failed`, `invalid_request` (an unknown resource or action), `permission_denied` or
 * `conflict` (the new one exists already).
 */
export async function updatePermission(
  deps: Pick<AccessDeps, 'transaction' | 'clock'>,
  caller: ConditionalCaller<Permission>,
  id: PermissionId,
  changes: Partial<PermissionFields>,
): Promise<Permission> {
  const actor = { ...caller, nowMs: deps.clock.nowMs() }
  return await deps.transaction(async stores => {
    const { permissions } = stores
    await permissions.lockAccess()
    const found = await permissions.findById(id)
    if (found === undefined) throw new Rejection('not_found')
    caller.precondition?.(found)
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
    const name = permissionName(found.resource, found.action)
    await recordWithEffects(stores, actor, { action, target, name, details: changed }, effects)
    return updated
  })
}

/**
 * Deletes a permission and takes it from every role; who asks must hold it if some role loses it. Refuses with
 * `not_found`, `precondition_failed` or `permission_denied`.
 */
export async function deletePermission(
  deps: Pick<AccessDeps, 'transaction' | 'clock'>,
  caller: ConditionalCaller<Permission>,
  id: PermissionId,
): Promise<void> {
  const actor = { ...caller, nowMs: deps.clock.nowMs() }
  await deps.transaction(async stores => {
    const { permissions } = stores
    await permissions.lockAccess()
    const found = await permissions.findById(id)
    if (found === undefined) throw new Rejection('not_found')
    caller.precondition?.(found)
    const roleIds = await permissions.rolesHolding({ permissionId: id })
    const { effects } = await writeRolePermissions(stores, actor, roleIds, () => permissions.delete(id))
    const [action, target] = ['permission.delete' as const, `permissions/${id}`]
    const name = permissionName(found.resource, found.action)
    const details = { resource: found.resource, action: found.action }
    await recordWithEffects(stores, actor, { action, target, name, details }, effects)
  })
}

/** A permission as it is asked for: two code names. */
interface PermissionFields {
  readonly resource: string
  readonly action: string
}

/** The ids behind the two names. Refuses an unknown one in the field that holds it. */
async function findParts(
  { resources, actions }: Pick<AccessStores, 'resources' | 'actions'>,
  { resource, action }: PermissionFields,
): Promise<PermissionParts> {
  const [foundResource] = await resources.findByCodeNames([resource])
  const [foundAction] = await actions.findByCodeNames([action])
  if (foundResource !== undefined && foundAction !== undefined) {
    return { resourceId: foundResource.id, actionId: foundAction.id }
  }
  const errors: Record<string, readonly Message[]> = {}
  if (foundResource === undefined) errors.resource = [message('resource.unknown', { resource })]
  if (foundAction === undefined) errors.action = [message('action.unknown', { action })]
  throw new Rejection('invalid_request', { errors })
}

/** The two fields are one value: both are named when it is taken. */
const takenPermission = (): Rejection =>
  new Rejection('conflict', {
    errors: { resource: [message('permission.taken')], action: [message('permission.taken')] },
  })
