import type { CatalogueEntry } from '@propusk/gate'
import type { NewChange } from '../changes/index.ts'
import type { EntryKind } from './entry-kind.ts'
import type { ActionStore, ResourceStore } from './named-store.ts'

/** Every resource and every action that there is: without them a gate allows nothing. */
export async function readCatalogue(stores: {
  readonly resources: Pick<ResourceStore, 'readNames'>
  readonly actions: Pick<ActionStore, 'readNames'>
}): Promise<readonly CatalogueEntry[]> {
  const resources = await stores.resources.readNames()
  const actions = await stores.actions.readNames()
  return [
    ...resources.map(({ id, codeName }) => ({ part: 'resource', entryId: id, codeName }) as const),
    ...actions.map(({ id, codeName }) => ({ part: 'action', entryId: id, codeName }) as const),
  ]
}

/** What gates must hear of: an entry has this code name from now on, or is gone. */
export const entryChange = (
  { part }: Pick<EntryKind<number>, 'part'>,
  entryId: number,
  codeName: string | null,
): NewChange => ({ kind: 'catalogue_entry', part, entryId, codeName })
