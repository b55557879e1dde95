import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { api, useMay } from '../session/index.ts'
import { inOtherLayout } from './palette-entry.ts'

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
      const found = await ask(searched, may, signal)
      const isNothing = Object.values(found).every(hits => hits.length === 0)
      return isNothing ? await ask(inOtherLayout(searched), may, signal) : found
    },
  })
  return searched === '' ? undefined : data
}

/** What is shorter is in too many names of keys, addresses and hosts. */
const shortest = 3

/** Everything that has these words in its name, address or identifier. */
async function ask(search: string, may: ReturnType<typeof useMay>, signal: AbortSignal) {
  const input = { query: { search, limit: hitsOfKind }, signal }
  const isLong = search.length >= shortest
  const [users, roles, resources, actions, apiKeys, invitations, forwardRules, numbered] = await Promise.all([
    may('users', 'read') ? api.call('listUsers', input) : undefined,
    may('roles', 'read') ? api.call('listRoles', input) : undefined,
    may('resources', 'read') ? api.call('listResources', input) : undefined,
    may('actions', 'read') ? api.call('listActions', input) : undefined,
    isLong && may('api_keys', 'read') ? api.call('listApiKeys', input) : undefined,
    isLong && may('users', 'read') ? api.call('listInvitations', input) : undefined,
    isLong && may('forward_rules', 'read') ? api.call('listForwardRules', input) : undefined,
    may('users', 'read') ? userNumbered(search, signal) : undefined,
  ])
  const named = users?.results ?? []
  return {
    users: numbered === undefined ? named : [numbered, ...named.filter(user => user.id !== numbered.id)],
    roles: roles?.results ?? [],
    resources: resources?.results ?? [],
    actions: actions?.results ?? [],
    apiKeys: apiKeys?.results ?? [],
    invitations: invitations?.results ?? [],
    forwardRules: forwardRules?.results ?? [],
  }
}

/** «#4» is a person; there may be none. */
async function userNumbered(search: string, signal: AbortSignal) {
  const id = Number(/^[#№]?(\d{1,9})$/.exec(search)?.[1])
  return id > 0 ? await api.call('readUser', { params: { id }, signal }).catch(() => undefined) : undefined
}
