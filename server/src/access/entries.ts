import { type Caller, type ConditionalCaller, type Message, message, Rejection } from '../kernel/index.ts'
import { type AccessDeps, differences, record } from './access-stores.ts'
import { assertNamesAreFree, type EntryKind, entryChange } from './catalogue.ts'
import { recordWithEffects } from './effects.ts'
import type { Named, NamedFields } from './named-store.sql.ts'
import { writeRolePermissions } from './role-permissions.ts'

/** Makes a resource or an action. By itself it permits nothing. Refuses with `conflict` when a name is taken. */
export async function createEntry<Id extends number>(
  deps: Pick<AccessDeps, 'transaction' | 'clock'>,
  kind: EntryKind<Id>,
  caller: Caller,
  fields: NamedFields,
): Promise<Named<Id>> {
  const actor = { ...caller, nowMs: deps.clock.nowMs() }
  return await deps.transaction(async stores => {
    await stores.permissions.lockAccess()
    const store = kind.storeOf(stores)
    await assertNamesAreFree(store, fields)
    const entry = await store.add(fields)
    await stores.changes.append(entryChange(kind, entry.id, entry.codeName), actor.nowMs)
    const details = { code_name: entry.codeName }
    const [action, target] = [`${kind.part}.create` as const, `${kind.table}/${entry.id}`]
    await record(stores, actor, { action, target, details })
    return entry
  })
}

/**
 * Changes the named fields of a resource or an action; absent ones stay. A new code name renames the permissions
 * of every role that holds some of it, so who asks must hold them under both names. Refuses with `not_found`,
 * `precondition_failed`, `permission_denied` or `conflict` (a name is taken; a built-in one keeps its two names).
 */
export async function updateEntry<Id extends number>(
  deps: Pick<AccessDeps, 'transaction' | 'clock'>,
  kind: EntryKind<Id>,
  caller: ConditionalCaller<Named<Id>>,
  id: Id,
  changes: Partial<NamedFields>,
): Promise<Named<Id>> {
  const actor = { ...caller, nowMs: deps.clock.nowMs() }
  return await deps.transaction(async stores => {
    await stores.permissions.lockAccess()
    const store = kind.storeOf(stores)
    const found = await store.lock(id)
    if (found === undefined) throw new Rejection('not_found')
    caller.precondition?.(found)
    const fields = { ...found, ...changes }
    if (found.isBuiltin) assertNamesStay(found, fields)
    const isRenamed = fields.codeName !== found.codeName

    const roleIds = isRenamed ? await stores.permissions.rolesHolding(kind.permissionsOf(id)) : []
    const { written, effects } = await writeRolePermissions(stores, actor, roleIds, async () => {
      await assertNamesAreFree(store, fields, found)
      return await store.update(id, fields)
    })
    if (isRenamed) await stores.changes.append(entryChange(kind, id, written.codeName), actor.nowMs)
    const changed = differences(toAudit(found), toAudit(written))
    const [action, target] = [`${kind.part}.update` as const, `${kind.table}/${id}`]
    if (changed !== undefined) {
      const change = { action, target, name: found.codeName, details: changed }
      await recordWithEffects(stores, actor, change, effects)
    }
    return written
  })
}

function assertNamesStay(found: NamedFields, wanted: NamedFields): void {
  const errors: Record<string, readonly Message[]> = {}
  if (wanted.name !== found.name) errors.name = [message('builtin.protected')]
  if (wanted.codeName !== found.codeName) errors.code_name = [message('builtin.protected')]
  if (Object.keys(errors).length > 0) throw new Rejection('conflict', { errors })
}

const toAudit = ({ name, codeName, description }: NamedFields) => ({ name, code_name: codeName, description })

/**
 * Deletes a resource or an action with its permissions, and so takes them from every role: who asks must hold
 * those that some role loses. Refuses with `not_found`, `precondition_failed`, `permission_denied` or `conflict` (a built-in one stays).
 */
export async function deleteEntry<Id extends number>(
  deps: Pick<AccessDeps, 'transaction' | 'clock'>,
  kind: EntryKind<Id>,
  caller: ConditionalCaller<Named<Id>>,
  id: Id,
): Promise<void> {
  const actor = { ...caller, nowMs: deps.clock.nowMs() }
  await deps.transaction(async stores => {
    await stores.permissions.lockAccess()
    const store = kind.storeOf(stores)
    const entry = await store.lock(id)
    if (entry === undefined) throw new Rejection('not_found')
    caller.precondition?.(entry)
    if (entry.isBuiltin) throw new Rejection('conflict', { detail: message('builtin.protected') })

    const roleIds = await stores.permissions.rolesHolding(kind.permissionsOf(id))
    const { effects } = await writeRolePermissions(stores, actor, roleIds, () => store.delete(id))
    await stores.changes.append(entryChange(kind, id, null), actor.nowMs)
    const [action, target] = [`${kind.part}.delete` as const, `${kind.table}/${id}`]
    const name = entry.codeName
    await recordWithEffects(stores, actor, { action, target, name, details: { code_name: name } }, effects)
  })
}
