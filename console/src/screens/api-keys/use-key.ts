import type { ApiKey, ApiKeyPage, User } from '@propusk/client'
import { type InfiniteData, useQuery, useQueryClient } from '@tanstack/react-query'
import { api, useMay, type WithVersion, withVersion } from '../../session/index.ts'

export const readKey = (id: number, signal?: AbortSignal): Promise<WithVersion<ApiKey>> =>
  withVersion(api.callVersioned('readApiKey', { params: { id }, ...(signal && { signal }) }))

/** A use is no event, and is kept true to the minute. */
const usesMs = 60_000

/** One key; what the list knows of it stands until the answer is there. */
export function useKey(id: number) {
  const queries = useQueryClient()
  return useQuery({
    queryKey: ['api_keys', 'readApiKey', id],
    queryFn: ({ signal }) => readKey(id, signal),
    refetchInterval: usesMs,
    placeholderData: (): WithVersion<ApiKey> | undefined =>
      queries
        .getQueriesData<InfiniteData<ApiKeyPage>>({ queryKey: ['api_keys', 'listApiKeys'] })
        .flatMap(([, lists]) => lists?.pages.flatMap(page => page.results) ?? [])
        .find(key => key.id === id),
  })
}

/** The owner as of now: that an account was deactivated must show at once. Undefined for whoever may not see people. */
export function useOwner(id: number): User | undefined {
  const may = useMay()
  const { data } = useQuery({
    queryKey: ['users', 'readOwner', id],
    queryFn: ({ signal }) => api.call('readUser', { params: { id }, signal }),
    enabled: may('users', 'read'),
  })
  return data
}
