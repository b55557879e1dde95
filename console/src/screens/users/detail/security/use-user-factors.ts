import { useQuery } from '@tanstack/react-query'
import { api, useMay } from '../../../../session/index.ts'

/** The second factors of a person, for whoever may see them. */
export function useUserFactors(id: number) {
  const may = useMay()
  return useQuery({
    queryKey: ['factors', 'listFactorsOfUser', id],
    queryFn: ({ signal }) => api.call('listFactorsOfUser', { params: { id }, signal }),
    enabled: may('factors', 'read'),
  })
}
