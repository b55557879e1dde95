import { useQuery } from '@tanstack/react-query'
import { api } from '../../../session/index.ts'

export const useSessionRow = (id: number) =>
  useQuery({
    queryKey: ['sessions', 'readSession', id],
    queryFn: ({ signal }) => api.call('readSession', { params: { id }, signal }),
    // It ends by age too, which no event tells.
    refetchInterval: 30_000,
  })
