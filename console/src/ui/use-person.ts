import type { User } from '@propusk/client'
import { type UseQueryOptions, useQuery } from '@tanstack/react-query'
import { api, useMay } from '../session/index.ts'

/** Names hardly ever change: read once, they do for as long as anybody looks at a screen. */
const freshMs = 300_000

/**
 * Who has an id, for a name beside it. Its key is none of the resources' on purpose: every sign-in makes the users stale, and
 * a list full of names must not be read anew for each of them.
 */
export const personQuery = (id: number) =>
  ({
    queryKey: ['people', id],
    queryFn: ({ signal }) => api.call('readUser', { params: { id }, signal }),
    staleTime: freshMs,
    retry: false,
  }) satisfies UseQueryOptions<User>

/** Undefined while it is read, and for whoever may not see people. */
export function usePerson(id: number | undefined): User | undefined {
  const may = useMay()
  const { data } = useQuery({ ...personQuery(id ?? 0), enabled: id !== undefined && may('users', 'read') })
  return data
}
