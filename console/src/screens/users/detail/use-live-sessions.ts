import type { Session } from '@propusk/client'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { api, useMay } from '../../../session/index.ts'

/** As many as the API gives at once; an account cannot have more live ones than the server's limit anyway. */
const most = 200

const queryOf = (userId: number) => ({
  queryKey: ['sessions', 'live', userId],
  queryFn: async ({ signal }: { signal?: AbortSignal } = {}): Promise<readonly Session[]> =>
    (
      await api.call('listSessions', {
        query: { user_id: userId, is_active: true, ordering: '-last_used_at', limit: most },
        ...(signal && { signal }),
      })
    ).results,
})

/** Where somebody is signed in now, the latest use first. */
export function useLiveSessions(userId: number) {
  const may = useMay()
  return useQuery({
    ...queryOf(userId),
    enabled: may('sessions', 'read'),
    // They end by age too, which no event tells.
    refetchInterval: 30_000,
  })
}

/** How many sessions would end, asked anew; undefined for whoever may not know. */
export function useCountLive(userId: number): () => Promise<number | undefined> {
  const may = useMay()
  const queries = useQueryClient()
  return async () => {
    if (!may('sessions', 'read')) return undefined
    return (await queries.fetchQuery({ ...queryOf(userId), staleTime: 0 })).length
  }
}
