import { useQuery } from '@tanstack/react-query'
import { type ListId, listAll } from '../ui/use-list.ts'

/**
 * All rows of an operation, for what can only be told from all of them, such as which roles use a resource. Of lists
 * that have some hundred rows; never of users, sessions or the audit.
 */
export function useWholeList<Id extends ListId>(key: string, id: Id, { isOn = true } = {}) {
  return useQuery({
    queryKey: [key, id, 'whole'],
    enabled: isOn,
    queryFn: ({ signal }) => listAll(id, { ordering: 'code_name' }, signal),
  })
}
