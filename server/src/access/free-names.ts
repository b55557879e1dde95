import { message, Refusal } from '../kernel/index.ts'
import type { NamedFields } from './named.ts'
import type { NamedStore } from './named-store.ts'

/** Refuses, with 409 and each field named, what another row has already. The caller holds the turn. */
export async function assertFree<Id extends number>(
  store: Pick<NamedStore<Id>, 'findTaken'>,
  fields: Partial<NamedFields>,
  except?: Id,
): Promise<void> {
  const taken = await store.findTaken(fields, except)
  if (taken.length === 0) return
  throw new Refusal('conflict', {
    errors: {
      ...(taken.includes('name') && { name: [message('name.taken')] }),
      ...(taken.includes('codeName') && { code_name: [message('code_name.taken')] }),
    },
  })
}
