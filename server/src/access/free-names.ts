import { faultsOfName, type Message, message, Rejection, skeletonOf } from '../kernel/index.ts'
import type { Named, NamedFields } from './named.ts'
import type { NamedStore } from './named-store.ts'

export const maxNameCharacters = 100

/**
 * Refuses a name that is none with 400, and with 409 and each field named what another row than `current` has already: the
 * code name, and a name that a reader would take for the same. What `current` is called stays as it is, also where it
 * would be refused today. The caller holds the turn, so no other row comes between.
 */
export async function assertNamesAreFree<Id extends number>(
  store: Pick<NamedStore<Id>, 'findTaken' | 'readNames'>,
  fields: NamedFields,
  current?: Named<Id>,
): Promise<void> {
  const isNew = fields.name !== current?.name
  const faults = isNew ? faultsOfName(fields.name, maxNameCharacters, false) : []
  if (faults.length > 0) throw new Rejection('invalid_request', { errors: { name: faults } })
  const taken = await store.findTaken(fields, current?.id)
  const names = taken.includes('name')
    ? [message('name.taken')]
    : isNew
      ? await findAlike(store, fields.name, current?.id)
      : []
  if (taken.length === 0 && names.length === 0) return
  throw new Rejection('conflict', {
    errors: {
      ...(names.length > 0 && { name: names }),
      ...(taken.includes('codeName') && { code_name: [message('code_name.taken')] }),
    },
  })
}

/** There are few of these rows, so that all are compared: an index would have to be filled for rows of older releases. */
async function findAlike<Id extends number>(
  store: Pick<NamedStore<Id>, 'readNames'>,
  name: string,
  except: Id | undefined,
): Promise<readonly Message[]> {
  const skeleton = skeletonOf(name)
  const rows = await store.readNames()
  const other = rows.find(row => row.id !== except && skeletonOf(row.name) === skeleton)
  return other === undefined ? [] : [message('name.alike', { name: other.name })]
}
