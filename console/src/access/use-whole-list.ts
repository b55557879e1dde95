import { useQuery } from '@tanstack/react-query'
import { listAll, type RowOf } from '../ui/use-list.ts'
import { naturally } from './natural-order.ts'

/** Lists of some hundred rows with code names; never users, sessions or the audit. */
type NamedListId = 'listRoles' | 'listResources' | 'listActions'

/**
 * All rows of an operation, by code name, for what can only be told from all of them, such as which roles use a resource.
 */
export function useWholeList<Id extends NamedListId>(key: string, id: Id, { isOn = true } = {}) {
  return useQuery({
    queryKey: [key, id, 'whole'],
    enabled: isOn,
    queryFn: async ({ signal }): Promise<readonly RowOf<Id>[]> =>
      (await listAll(id, { ordering: 'code_name' }, signal)).toSorted((a, b) =>
        naturally(a.code_name, b.code_name),
      ),
  })
}
