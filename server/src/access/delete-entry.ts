import { type ConditionalActing, message, Rejection } from '../kernel/index.ts'
import { type AccessDeps, record } from './access-stores.ts'
import { entryChange } from './catalogue.ts'
import { effectDetails, recordRoleEffects } from './effects.ts'
import type { EntryKind } from './entry-kind.ts'
import type { Named } from './named.ts'
import { writeRolePermissions } from './write-role-permissions.ts'

/**
 * Deletes a resource or an action with its permissions, and so takes them from every role: who asks must hold
 * those that some role loses. Refuses with `not_found`, `precondition_failed`, `permission_denied` or `conflict` (a built-in one stays).
 */
export async function deleteEntry<Id extends number>(
  deps: Pick<AccessDeps, 'transaction' | 'clock'>,
  kind: EntryKind<Id>,
  acting: ConditionalActing<Named<Id>>,
  id: Id,
): Promise<void> {
  const actor = { ...acting, nowMs: deps.clock.nowMs() }
  await deps.transaction(async stores => {
    await stores.permissions.takeTurn()
    const store = kind.storeOf(stores)
    const entry = await store.lock(id)
    if (entry === undefined) throw new Rejection('not_found')
    acting.precondition?.(entry)
    if (entry.isBuiltin) throw new Rejection('conflict', { detail: message('builtin.protected') })

    const roleIds = await stores.permissions.rolesHolding(kind.permissionsOf(id))
    const { effects } = await writeRolePermissions(stores, actor, roleIds, () => store.delete(id))
    await stores.changes.append(entryChange(kind, id, null), actor.nowMs)
    const [action, target] = [`${kind.part}.delete` as const, `${kind.table}/${id}`]
    await record(stores, actor, action, target, { code_name: entry.codeName, ...effectDetails(effects) })
    await recordRoleEffects(stores, actor, { action, target, name: entry.codeName }, effects)
  })
}
