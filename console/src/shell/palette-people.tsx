import type { User } from '@propusk/client'
import { useNavigate } from '@tanstack/react-router'
import {
  Eye,
  FlaskConical,
  KeyRound,
  LogOut,
  type LucideIcon,
  MonitorSmartphone,
  Pencil,
  ScrollText,
  UserCheck,
  UserX,
} from 'lucide-react'
import { useMay } from '../session/index.ts'
import { nameOf } from '../ui/person.tsx'
import { iconSize, inEveryLanguage, inOtherLayout, type PaletteEntry } from './palette-entry.ts'
import { type PaletteTextKey, usePaletteText } from './palette-messages.ts'

type Navigate = ReturnType<typeof useNavigate>

interface PersonAct {
  readonly act: string
  readonly label: PaletteTextKey
  /** How one begins to name it, in front of the person. */
  readonly words: PaletteTextKey
  readonly icon: LucideIcon
  /** One of these is enough. */
  readonly permissions: readonly (readonly [resource: string, action: string])[]
  /** Whom it concerns: everybody, where it is absent. */
  concerns?(user: User): boolean
  go(navigate: Navigate, user: User): Promise<void>
}

/** The page of the person begins it: it asks before it is done, or says why it cannot be done. */
const onPage = (act: string) => (navigate: Navigate, user: User) =>
  navigate({ to: '/console/users/$id', params: { id: String(user.id) }, search: { act } })

const isOpen = (user: User) => user.is_active

const acts: readonly PersonAct[] = [
  {
    act: 'deactivate',
    label: 'deactivate',
    words: 'deactivateWords',
    icon: UserX,
    permissions: [
      ['users', 'update'],
      ['users', 'delete'],
    ],
    concerns: isOpen,
    go: onPage('deactivate'),
  },
  {
    act: 'end-sessions',
    label: 'endSessions',
    words: 'endSessionsWords',
    icon: LogOut,
    permissions: [['tokens', 'delete']],
    concerns: isOpen,
    go: onPage('end-sessions'),
  },
  {
    act: 'reactivate',
    label: 'reactivate',
    words: 'reactivateWords',
    icon: UserCheck,
    permissions: [['users', 'update']],
    concerns: user => !user.is_active,
    go: onPage('reactivate'),
  },
  {
    act: 'edit',
    label: 'edit',
    words: 'editWords',
    icon: Pencil,
    permissions: [['users', 'update']],
    go: onPage('edit'),
  },
  {
    act: 'reset-password',
    label: 'resetPassword',
    words: 'resetPasswordWords',
    icon: KeyRound,
    permissions: [['users', 'update']],
    concerns: isOpen,
    go: onPage('reset-password'),
  },
  {
    act: 'view-as',
    label: 'viewAs',
    words: 'viewAsWords',
    icon: Eye,
    permissions: [['users', 'read']],
    go: onPage('view-as'),
  },
  {
    act: 'check',
    label: 'checkOf',
    words: 'checkOfWords',
    icon: FlaskConical,
    permissions: [['users', 'read']],
    go: (navigate, user) => navigate({ to: '/console/try', search: { user: String(user.id) } }),
  },
  {
    act: 'sessions',
    label: 'sessionsOf',
    words: 'sessionsOfWords',
    icon: MonitorSmartphone,
    permissions: [['sessions', 'read']],
    go: (navigate, user) => navigate({ to: '/console/sessions', search: { user_id: String(user.id) } }),
  },
  {
    act: 'events',
    label: 'eventsOf',
    words: 'eventsOfWords',
    icon: ScrollText,
    permissions: [['audit', 'read']],
    go: (navigate, user) => navigate({ to: '/console/audit', search: { actor: String(user.id) } }),
  },
]

interface PersonQuery {
  /** What is left to find the person by. */
  readonly rest: string
  /** The act that was named, such as «deactivate anna»; undefined where none was. */
  readonly act: string | undefined
}

/** Takes the words of an act out of what was typed, in either language, and in either layout of the keyboard. */
export function personQuery(query: string): PersonQuery {
  for (const typed of [query.trim(), inOtherLayout(query.trim())]) {
    const lower = typed.toLowerCase()
    for (const { act, words } of acts) {
      const named = inEveryLanguage('palette', words)
        .split(/,\s*|\s{2,}/)
        .find(word => lower === word || lower.startsWith(`${word} `))
      if (named !== undefined) return { act, rest: typed.slice(named.length).trim() }
    }
  }
  return { act: undefined, rest: query }
}

/** What can be done with the people who were found: with the first one, or the act that was named with each of them. */
export function usePeopleActs(users: readonly User[], { act, rest }: PersonQuery): readonly PaletteEntry[] {
  const text = usePaletteText()
  const may = useMay()
  const navigate = useNavigate()
  const allowed = acts.filter(({ permissions }) => permissions.some(permission => may(...permission)))
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
  const people = act === undefined ? users.slice(0, 1) : users
  return people.flatMap(user =>
    allowed
      .filter(known => act === undefined || act === known.act)
      .filter(({ concerns }) => concerns?.(user) ?? true)
      .map(({ label, icon: Icon, go }) => ({
        id: `${label}-${user.id}`,
        label: text(label, { name: nameOf(user) }),
        hint: user.email,
        icon: <Icon size={iconSize} />,
        act: () => void go(navigate, user),
      })),
  )
}
