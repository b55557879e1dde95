import { type ConditionalActing, Refusal, type RoleId } from '../kernel/index.ts'
import { type AccessDeps, record } from './access-stores.ts'
import { holderChanges, lockHolders } from './holders.ts'
import { assertNoHigherHolder } from './rank.ts'
import { regrant } from './regrant.ts'
import { assertUnchanged, type RoleWithPermissions, withPermissions } from './role.ts'

/**
 * Deletes a role and takes it from its holders. Who asks must hold every permission of it, and no holder may outrank
 * them. Refuses with `not_found`,
 * `precondition_failed` or `permission_denied`.
 */
export async function deleteRole(
  deps: AccessDeps,
  acting: ConditionalActing<RoleWithPermissions>,
  id: RoleId,
): Promise<void> {
  const act = { ...acting, nowMs: deps.clock.nowMs() }
  await deps.transaction(async stores => {
    // INVARIANT: users are locked before the turn and before roles, as in replaceRoles; then once more, since
    // one may have been given the role until it was locked.
    await lockHolders(stores, deps, id, act.nowMs)
    await stores.permissions.takeTurn()
    const role = await stores.roles.lock(id)
    if (role === undefined) throw new Refusal('not_found')
    await assertUnchanged(stores, acting, role)
    await assertNoHigherHolder(stores, acting.principal, id)
    const holders = await lockHolders(stores, deps, id, act.nowMs)

    const { before } = await regrant(stores, act, [id], () => stores.roles.delete(id))
    await stores.changes.appendAll(holderChanges(holders, role.codeName, null), act.nowMs)
    await record(stores, act, 'role.delete', `roles/${id}`, {
      code_name: role.codeName,
      permissions: withPermissions(role, before).permissions,
    })
  })
}
