import { useNavigate } from '@tanstack/react-router'
import { Blocks, KeyRound, MailPlus, ShieldCheck, Split, UserRound, Zap } from 'lucide-react'
import { useEntryName } from '../access/entry-names.ts'
import { useMay } from '../session/index.ts'
import { nameOf } from '../ui/person.tsx'
import { navigation, useNavigationText } from './navigation.ts'
import { usePaletteActs } from './palette-acts.tsx'
import { hasWords, iconSize, inEveryLanguage, type PaletteEntry, type PaletteGroup } from './palette-entry.ts'
import { useHits } from './palette-hits.ts'
import { identifierIn, useIdentifierEntries } from './palette-identifiers.tsx'
import { usePaletteText } from './palette-messages.ts'
import { personQuery, usePeopleActs } from './palette-people.tsx'

/** What fits the words that were typed, by kind: what the server finds, the pages, and what can be done. */
export function usePaletteEntries(query: string): readonly PaletteGroup[] {
  const text = usePaletteText()
  const pages = useNavigationText()
  const navigate = useNavigate()
  const may = useMay()
  const nameOfEntry = useEntryName()
  const asked = personQuery(query)
  // «users:read» is found by its resource.
  const searched = identifierIn(asked.rest).replace(/^([a-z][\w-]*):[\w-]*$/i, '$1')
  const hits = useHits(searched)
  const acts = usePaletteActs(query)
  const peopleActs = usePeopleActs(hits?.users ?? [], asked)
  const identifiers = useIdentifierEntries(query, hits?.resources ?? [])

  const groups: readonly (readonly [label: string, entries: readonly PaletteEntry[]])[] = [
    [text('do'), asked.act === undefined ? [] : peopleActs],
    [
      text('people'),
      (hits?.users ?? []).map(user => ({
        id: `user-${user.id}`,
        label: nameOf(user),
        hint: user.email,
        icon: <UserRound size={iconSize} />,
        act: () => void navigate({ to: '/console/users/$id', params: { id: String(user.id) } }),
      })),
    ],
    [
      text('roles'),
      (hits?.roles ?? []).map(role => ({
        id: `role-${role.id}`,
        label: role.name,
        hint: role.code_name,
        icon: <ShieldCheck size={iconSize} />,
        act: () => void navigate({ to: '/console/roles/$id', params: { id: String(role.id) } }),
      })),
    ],
    [
      text('resources'),
      (hits?.resources ?? []).map(resource => ({
        id: `resource-${resource.id}`,
        label: nameOfEntry(resource),
        hint: resource.code_name,
        icon: <Blocks size={iconSize} />,
        act: () => void navigate({ to: '/console/resources/$id', params: { id: String(resource.id) } }),
      })),
    ],
    [
      text('actions'),
      (hits?.actions ?? []).map(action => ({
        id: `action-${action.id}`,
        label: nameOfEntry(action),
        hint: action.code_name,
        icon: <Zap size={iconSize} />,
        act: () => void navigate({ to: '/console/actions/$id', params: { id: String(action.id) } }),
      })),
    ],
    [
      text('apiKeys'),
      (hits?.apiKeys ?? []).map(key => ({
        id: `key-${key.id}`,
        label: key.name,
        hint: key.prefix,
        icon: <KeyRound size={iconSize} />,
        act: () => void navigate({ to: '/console/api-keys/$id', params: { id: String(key.id) } }),
      })),
    ],
    [
      text('invitations'),
      (hits?.invitations ?? []).map(({ id, email }) => ({
        id: `invitation-${id}`,
        label: email,
        icon: <MailPlus size={iconSize} />,
        act: () => void navigate({ to: '/console/invitations', search: { search: email } }),
      })),
    ],
    [
      text('forwardRules'),
      (hits?.forwardRules ?? []).map(({ id, host, path }) => ({
        id: `rule-${id}`,
        label: `${host}${path}`,
        icon: <Split size={iconSize} />,
        act: () => void navigate({ to: '/console/forward-rules', search: { search: host } }),
      })),
    ],
    [
      text('go'),
      navigation
        .flatMap(({ items }) => items)
        .filter(
          ({ permission, label }) =>
            may(...permission) && hasWords(inEveryLanguage('navigation', label), query.trim()),
        )
        .map(({ to, label, icon: Icon, key }) => ({
          id: to,
          label: pages(label),
          hint: `g ${key}`,
          icon: <Icon size={iconSize} />,
          act: () => void navigate({ to }),
        })),
    ],
    [text('do'), asked.act === undefined ? [...acts, ...peopleActs] : acts],
    // Not before what the server finds: Enter is meant for that.
    [text('identifiers'), hits === undefined ? [] : identifiers],
  ]
  return groups.map(([label, entries]) => ({ label, entries })).filter(group => group.entries.length > 0)
}
