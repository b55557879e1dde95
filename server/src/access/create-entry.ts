import { type AccessDeps, type Asking, record } from './access-stores.ts'
import type { EntryKind } from './entry-kind.ts'
import { assertFree } from './free-names.ts'
import type { Named, NamedFields } from './named.ts'

/** Makes a resource or an action. By itself it permits nothing to anyone. */
export async function createEntry<Id extends number>(
  deps: Pick<AccessDeps, 'transaction' | 'clock'>,
  kind: EntryKind<Id>,
  asking: Asking,
  fields: NamedFields,
): Promise<Named<Id>> {
  const act = { ...asking, nowMs: deps.clock.nowMs() }
  return await deps.transaction(async stores => {
    await stores.permissions.takeTurn()
    const store = kind.storeOf(stores)
    await assertFree(store, fields)
    const entry = await store.add(fields)
    await record(stores, act, `${kind.word}.create`, `${kind.table}/${entry.id}`, {
      code_name: entry.codeName,
    })
    return entry
  })
}
