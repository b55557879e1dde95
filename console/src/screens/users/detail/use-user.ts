import type { User, UserChange, UserPage } from '@propusk/client'
import { type InfiniteData, useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import { changeRoles, type RoleChange } from '../../../access/index.ts'
import { api, readUser, type WithVersion } from '../../../session/index.ts'

/** One person; what the list knows of them stands until the answer is there. Nothing is asked without an id. */
export function useUser(id: number | undefined) {
  const queries = useQueryClient()
  return useQuery({
    queryKey: ['users', 'readUser', id],
    queryFn: ({ signal }) => readUser(id!, signal),
    enabled: id !== undefined,
    placeholderData: (): WithVersion<User> | undefined =>
      queries
        .getQueriesData<InfiniteData<UserPage>>({ queryKey: ['users', 'listUsers'] })
        .flatMap(([, lists]) => lists?.pages.flatMap(page => page.results) ?? [])
        .find(user => user.id === id),
  })
}

/** Shows a person as they are now wherever they are seen. */
function useShowUser(id: number): (user: WithVersion<User>) => void {
  const queries = useQueryClient()
  return useCallback(
    user => {
      queries.setQueryData(['users', 'readUser', id], user)
      for (const key of ['users', 'access', 'sessions', 'audit']) {
        void queries.invalidateQueries({ queryKey: [key] })
      }
    },
    [id, queries],
  )
}

/** Gives a person one role or takes one away, and shows what came of it. Rejects with the ProblemError of the server. */
export function useChangeRole(id: number): (change: RoleChange) => Promise<void> {
  const show = useShowUser(id)
  return useCallback(
    async change => {
      await changeRoles(id, change)
      show(await readUser(id))
    },
    [id, show],
  )
}

/**
 * Changes a person, and shows what came of it wherever it is seen. Rejects with the ProblemError of the server, which also
 * says that the person has another version by now than the one that is given.
 */
export function useChangeUser(
  id: number,
): (change: UserChange, ifMatch?: string) => Promise<WithVersion<User>> {
  const queries = useQueryClient()
  const show = useShowUser(id)
  return useCallback(
    async (change, ifMatch) => {
      const changing = api.callVersioned('changeUser', { params: { id }, body: change, ifMatch })
      const { value, etag } = await changing.catch(error => {
        // Somebody else was here before: what they made of it is shown, so that it can be decided anew.
        void queries.invalidateQueries({ queryKey: ['users', 'readUser', id] })
        throw error
      })
      const user = { ...value, etag }
      show(user)
      return user
    },
    [queries, id, show],
  )
}
