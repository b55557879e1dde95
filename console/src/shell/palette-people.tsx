import type { User } from '@propusk/client'
import { useNavigate } from '@tanstack/react-router'
import { LogOut, UserX } from 'lucide-react'
import { useMay } from '../session/index.ts'
import { nameOf } from '../ui/person.tsx'
import { iconSize, inEveryLanguage, type PaletteEntry } from './palette-entry.ts'
import { usePaletteText } from './palette-messages.ts'

const acts = [
  { act: 'deactivate', label: 'deactivate', words: 'deactivateWords', icon: UserX },
  { act: 'end-sessions', label: 'endSessions', words: 'endSessionsWords', icon: LogOut },
] as const

interface PersonQuery {
  /** What is left to find the person by. */
  readonly rest: string
  /** The act that was named, such as «deactivate anna»; undefined where none was. */
  readonly act: (typeof acts)[number]['act'] | undefined
}

/** Takes the words of an act out of what was typed, in either language. */
export function personQuery(query: string): PersonQuery {
  const typed = query.trim().toLowerCase()
  for (const { act, words } of acts) {
    const named = inEveryLanguage('palette', words)
      .split(/,\s*|\s{2,}/)
      .find(word => typed === word || typed.startsWith(`${word} `))
    if (named !== undefined) return { act, rest: query.trim().slice(named.length).trim() }
  }
  return { act: undefined, rest: query }
}

/** What can be done with the people who were found: with the first one, or the act that was named with each of them. */
export function usePeopleActs(users: readonly User[], { act, rest }: PersonQuery): readonly PaletteEntry[] {
  const text = usePaletteText()
  const may = useMay()
  const navigate = useNavigate()
  const allowed = acts.filter(({ act }) =>
    act === 'deactivate' ? may('users', 'update') || may('users', 'delete') : may('tokens', 'delete'),
  )
  if (rest.trim() === '') {
    return allowed
      .filter(known => act === known.act)
      .map(({ label, icon: Icon }) => ({
        id: `${label}-somebody`,
        label: text(label, { name: '…' }),
        icon: <Icon size={iconSize} />,
        act: () => void navigate({ to: '/console/users' }),
      }))
  }
  const people = (act === undefined ? users.slice(0, 1) : users).filter(user => user.is_active)
  return people.flatMap(user =>
    allowed
      .filter(known => act === undefined || act === known.act)
      .map(({ act, label, icon: Icon }) => ({
        id: `${label}-${user.id}`,
        label: text(label, { name: nameOf(user) }),
        hint: user.email,
        icon: <Icon size={iconSize} />,
        act: () =>
          void navigate({ to: '/console/users/$id', params: { id: String(user.id) }, search: { act } }),
      })),
  )
}
