import type { KnownNames } from './catalogue-view.ts'
import type { ActionStore, ResourceStore } from './named-store.ts'

/** Reads the code names that exist: what a catalogue view is fed with. */
export async function readKnownNames(stores: {
  readonly resources: Pick<ResourceStore, 'readCodeNames'>
  readonly actions: Pick<ActionStore, 'readCodeNames'>
}): Promise<KnownNames> {
  const [resources, actions] = await Promise.all([
    stores.resources.readCodeNames(),
    stores.actions.readCodeNames(),
  ])
  return { resources: new Set(resources), actions: new Set(actions) }
}
