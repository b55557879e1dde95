import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Blocks, KeyRound, LogOut, ShieldCheck, UserPlus, UserRound, Zap } from 'lucide-react'
import type { ReactNode } from 'react'
import { api, signOut, useMay } from '../session/index.ts'
import { notifyProblem } from '../ui/notify.tsx'
import { nameOf } from '../ui/person.tsx'
import { navigation, useNavigationText } from './navigation.ts'
import { usePaletteText } from './palette-messages.ts'

export interface PaletteEntry {
  readonly id: string
  readonly label: string
  readonly hint?: string
  readonly icon: ReactNode
  act(): void
}

export interface PaletteGroup {
  readonly label: string
  readonly entries: readonly PaletteEntry[]
}

/** So many of each kind: whoever wants more goes to the list. */
const hitsOfKind = 5

/** Found by the server while one types; what the person may not read is not asked for. */
function useHits(query: string) {
  const may = useMay()
  const [searched] = useDebouncedValue(query.trim(), 120)
  const { data } = useQuery({
    queryKey: ['palette', searched],
    enabled: searched !== '',
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => {
      const input = { query: { search: searched, limit: hitsOfKind }, signal }
      const [users, roles, resources, actions] = await Promise.all([
        may('users', 'read') ? api.call('listUsers', input) : undefined,
        may('roles', 'read') ? api.call('listRoles', input) : undefined,
        may('resources', 'read') ? api.call('listResources', input) : undefined,
        may('actions', 'read') ? api.call('listActions', input) : undefined,
      ])
      return {
        users: users?.results ?? [],
        roles: roles?.results ?? [],
        resources: resources?.results ?? [],
        actions: actions?.results ?? [],
      }
    },
  })
  return searched === '' ? undefined : data
}

/** What fits the words that were typed, by kind: what the server finds, the pages, and what can be done. */
export function usePaletteEntries(query: string): readonly PaletteGroup[] {
  const text = usePaletteText()
  const pages = useNavigationText()
  const navigate = useNavigate()
  const may = useMay()
  const hits = useHits(query)

  const fits = (label: string) => label.toLowerCase().includes(query.trim().toLowerCase())
  const icon = 16
  const groups: readonly (readonly [label: string, entries: readonly PaletteEntry[]])[] = [
    [
      text('people'),
      (hits?.users ?? []).map(user => ({
        id: `user-${user.id}`,
        label: nameOf(user),
        hint: user.email,
        icon: <UserRound size={icon} />,
        act: () => void navigate({ to: '/console/users/$id', params: { id: String(user.id) } }),
      })),
    ],
    [
      text('roles'),
      (hits?.roles ?? []).map(role => ({
        id: `role-${role.id}`,
        label: role.name,
        hint: role.code_name,
        icon: <ShieldCheck size={icon} />,
        act: () => void navigate({ to: '/console/roles/$id', params: { id: String(role.id) } }),
      })),
    ],
    [
      text('resources'),
      (hits?.resources ?? []).map(resource => ({
        id: `resource-${resource.id}`,
        label: resource.name,
        hint: resource.code_name,
        icon: <Blocks size={icon} />,
        act: () => void navigate({ to: '/console/resources/$id', params: { id: String(resource.id) } }),
      })),
    ],
    [
      text('actions'),
      (hits?.actions ?? []).map(action => ({
        id: `action-${action.id}`,
        label: action.name,
        hint: action.code_name,
        icon: <Zap size={icon} />,
        act: () => void navigate({ to: '/console/actions/$id', params: { id: String(action.id) } }),
      })),
    ],
    [
      text('go'),
      navigation
        .flatMap(({ items }) => items)
        .filter(({ permission, label }) => may(...permission) && fits(pages(label)))
        .map(({ to, label, icon: Icon, key }) => ({
          id: to,
          label: pages(label),
          hint: `g ${key}`,
          icon: <Icon size={icon} />,
          act: () => void navigate({ to }),
        })),
    ],
    [
      text('do'),
      [
        may('users', 'create') && {
          id: 'new-user',
          label: text('newUser'),
          icon: <UserPlus size={icon} />,
          act: () => void navigate({ to: '/console/users', search: { create: 'yes' } }),
        },
        may('roles', 'create') && {
          id: 'new-role',
          label: text('newRole'),
          icon: <ShieldCheck size={icon} />,
          act: () => void navigate({ to: '/console/roles', search: { create: 'yes' } }),
        },
        may('api_keys', 'create') && {
          id: 'new-api-key',
          label: text('newApiKey'),
          icon: <KeyRound size={icon} />,
          act: () => void navigate({ to: '/console/api-keys', search: { create: 'yes' } }),
        },
        {
          id: 'sign-out',
          label: pages('signOut'),
          icon: <LogOut size={icon} />,
          act: () => void signOut().catch(notifyProblem),
        },
      ]
        .filter(entry => entry !== false)
        .filter(entry => fits(entry.label)),
    ],
  ]
  return groups.map(([label, entries]) => ({ label, entries })).filter(group => group.entries.length > 0)
}
