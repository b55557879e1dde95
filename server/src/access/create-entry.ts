import type { Acting } from '../kernel/index.ts'
import { type AccessDeps, record } from './access-stores.ts'
import { entryChange } from './catalogue.ts'
import type { EntryKind } from './entry-kind.ts'
import { assertNamesAreFree } from './free-names.ts'
import type { Named, NamedFields } from './named.ts'

/** Makes a resource or an action. By itself it permits nothing. Refuses with `conflict` when a name is taken. */
export async function createEntry<Id extends number>(
  deps: Pick<AccessDeps, 'transaction' | 'clock'>,
  kind: EntryKind<Id>,
  acting: Acting,
  fields: NamedFields,
): Promise<Named<Id>> {
  const actor = { ...acting, nowMs: deps.clock.nowMs() }
  return await deps.transaction(async stores => {
    await stores.permissions.takeTurn()
    const store = kind.storeOf(stores)
    await assertNamesAreFree(store, fields)
    const entry = await store.add(fields)
    await stores.changes.append(entryChange(kind, entry.id, entry.codeName), actor.nowMs)
    await record(stores, actor, `${kind.part}.create`, `${kind.table}/${entry.id}`, {
      code_name: entry.codeName,
    })
    return entry
  })
}
