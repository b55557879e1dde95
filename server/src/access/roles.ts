import {
  type Caller,
  type ConditionalCaller,
  invalidField,
  type PermissionName,
  Rejection,
  type RoleId,
} from '../kernel/index.ts'
import { type AccessDeps, type AccessStores, differences, record } from './access-stores.ts'
import { assertNamesAreFree } from './catalogue.ts'
import { effectDetails } from './effects.ts'
import type { NamedFields, Role } from './named-store.sql.ts'
import { assertNoHigherHolder } from './rank.ts'
import { checkRoleListLength } from './replace-roles.ts'
import {
  changePermissions,
  parsePermissionChange,
  parsePermissionNames,
  type RolePermissions,
  replacePermissions,
  writeRolePermissions,
} from './role-permissions.ts'

/**
 * Makes a role. Who asks must hold every permission of it. Refuses with `invalid_request` (a permission that is
 * malformed or unknown), `permission_denied` or `conflict` (a name is taken).
 */
export async function createRole(
  deps: Pick<AccessDeps, 'transaction' | 'clock'>,
  caller: Caller,
  fields: RoleFields,
): Promise<RoleWithPermissions> {
  const names = parsePermissionNames(fields.permissions)
  const actor = { ...caller, nowMs: deps.clock.nowMs() }
  return await deps.transaction(async stores => {
    await stores.permissions.lockAccess()
    const write = async () => {
      await assertNamesAreFree(stores.roles, fields)
      const role = await stores.roles.add(fields)
      await replacePermissions(stores, role.id, names)
      return role
    }
    const { written, after } = await writeRolePermissions(stores, actor, [], write, role => role.id)
    const role = withPermissions(written, after)
    const details = {
      code_name: role.codeName,
      permissions: role.permissions,
      ...(role.requiresAal !== null && { requires_aal: role.requiresAal }),
    }
    await record(stores, actor, { action: 'role.create', target: `roles/${role.id}`, details })
    return role
  })
}

/**
 * Changes the named fields of a role; absent ones stay. Who asks must hold every permission that is added or
 * taken away; a new name or description needs no more than the route's permission, and for a new code name no holder may
 * outrank them. Refuses with `not_found` (a single permission that is given or taken and does not exist, too),
 * `precondition_failed`, `invalid_request` (a wrong permission; a code name that its holders' tokens have no room for),
 * `permission_denied` or `conflict` (a name is taken).
 */
export async function updateRole(
  deps: AccessDeps,
  caller: ConditionalCaller<RoleWithPermissions>,
  id: RoleId,
  changes: RoleChanges,
): Promise<RoleWithPermissions> {
  const { permissions: wanted, ...named } = changes
  const change = wanted && parsePermissionChange(wanted)
  const actor = { ...caller, nowMs: deps.clock.nowMs() }
  return await deps.transaction(async stores => {
    await stores.permissions.lockAccess()
    const found = await stores.roles.lock(id)
    if (found === undefined) throw new Rejection('not_found')
    await assertUnchanged(stores, caller, found)
    if ((named.codeName ?? found.codeName) !== found.codeName) {
      await assertNoHigherHolder(stores, caller.principal, id)
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
      const details = { ...changed, ...effectDetails(effects) }
      await record(stores, actor, { action: 'role.update', target: `roles/${id}`, details })
    }
    return role
  })
}

const toAudit = ({ name, codeName, description, permissions, requiresAal }: RoleWithPermissions) => ({
  name,
  code_name: codeName,
  description,
  permissions,
  requires_aal: requiresAal,
})

/**
 * Deletes a role and takes it from its holders. Who asks must hold every permission of it, and no holder may outrank
 * them. Refuses with `not_found`, `precondition_failed` or `permission_denied`.
 */
export async function deleteRole(
  deps: AccessDeps,
  caller: ConditionalCaller<RoleWithPermissions>,
  id: RoleId,
): Promise<void> {
  const actor = { ...caller, nowMs: deps.clock.nowMs() }
  await deps.transaction(async stores => {
    await stores.permissions.lockAccess()
    const role = await stores.roles.lock(id)
    if (role === undefined) throw new Rejection('not_found')
    await assertUnchanged(stores, caller, role)
    await assertNoHigherHolder(stores, caller.principal, id)

    const { before, effects } = await writeRolePermissions(stores, actor, [id], async () => {
      await stores.assignments.removeFromAll(id)
      await stores.roles.delete(id)
    })
    const details = {
      code_name: role.codeName,
      permissions: withPermissions(role, before).permissions,
      ...effectDetails(effects),
    }
    await record(stores, actor, { action: 'role.delete', target: `roles/${id}`, details })
  })
}

/** A role with what it permits, sorted. */
export interface RoleWithPermissions extends Role {
  readonly permissions: readonly PermissionName[]
}

interface RoleFields extends NamedFields {
  /** `resource:action` each. */
  readonly permissions: readonly string[]
}

/** What can be changed of a role; absent fields stay as they are. */
interface RoleChanges extends Partial<NamedFields> {
  /** All of them from now on, or one that is given or taken. */
  readonly permissions?: readonly string[] | PermissionStep
}

/** `resource:action`. Given twice or taken twice, it is as if once. */
export type PermissionStep = { readonly give: string } | { readonly take: string }

/** Asks what the caller demands of the role, which this transaction has locked. */
async function assertUnchanged(
  { permissions }: Pick<AccessStores, 'permissions'>,
  { precondition }: ConditionalCaller<RoleWithPermissions>,
  role: Role,
): Promise<void> {
  precondition?.(withPermissions(role, await permissions.permissionsOfRoles([role.id])))
}

export const withPermissions = (role: Role, rolePermissions: RolePermissions): RoleWithPermissions => ({
  ...role,
  permissions: rolePermissions.get(role.id)?.permissions ?? [],
})
