import type { User, UserChange, UserPage } from '@propusk/client'
import { type InfiniteData, useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import { api } from '../../../session/index.ts'

/** One person; what the list knows of them stands until the answer is there. */
export function useUser(id: number) {
  const queries = useQueryClient()
  return useQuery({
    queryKey: ['users', 'readUser', id],
    queryFn: ({ signal }) => api.call('readUser', { params: { id }, signal }),
    placeholderData: () =>
      queries
        .getQueriesData<InfiniteData<UserPage>>({ queryKey: ['users', 'listUsers'] })
        .flatMap(([, lists]) => lists?.pages.flatMap(page => page.results) ?? [])
        .find(user => user.id === id),
  })
}

/** Changes a person, and shows what came of it wherever it is seen. Rejects with the ProblemError of the server. */
export function useChangeUser(id: number): (change: UserChange) => Promise<User> {
  const queries = useQueryClient()
  return useCallback(
    async change => {
      const user = await api.call('changeUser', { params: { id }, body: change })
      queries.setQueryData(['users', 'readUser', id], user)
      for (const key of ['users', 'access', 'sessions', 'audit']) {
        void queries.invalidateQueries({ queryKey: [key] })
      }
      return user
    },
    [queries, id],
  )
}
