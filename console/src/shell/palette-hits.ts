import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { api, useMay } from '../session/index.ts'

/** So many of each kind: whoever wants more goes to the list. */
const hitsOfKind = 5

/** Found by the server while one types; what the person may not read is not asked for. */
export function useHits(query: string) {
  const may = useMay()
  const [searched] = useDebouncedValue(query.trim(), 120)
  const { data } = useQuery({
    queryKey: ['palette', searched],
    enabled: searched !== '',
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => {
      const input = { query: { search: searched, limit: hitsOfKind }, signal }
      const id = Number(/^#?(\d{1,9})$/.exec(searched)?.[1])
      const [users, roles, resources, actions, numbered] = await Promise.all([
        may('users', 'read') ? api.call('listUsers', input) : undefined,
        may('roles', 'read') ? api.call('listRoles', input) : undefined,
        may('resources', 'read') ? api.call('listResources', input) : undefined,
        may('actions', 'read') ? api.call('listActions', input) : undefined,
        // «#4» is a person; there may be none.
        may('users', 'read') && id > 0
          ? api.call('readUser', { params: { id }, signal }).catch(() => undefined)
          : undefined,
      ])
      const found = users?.results ?? []
      return {
        users: numbered === undefined ? found : [numbered, ...found.filter(user => user.id !== numbered.id)],
        roles: roles?.results ?? [],
        resources: resources?.results ?? [],
        actions: actions?.results ?? [],
      }
    },
  })
  return searched === '' ? undefined : data
}
