import type { Resource } from '@propusk/client'
import { useNavigate } from '@tanstack/react-router'
import { FlaskConical, Grid3x3, MonitorSmartphone, ScrollText, Users } from 'lucide-react'
import { useMay } from '../session/index.ts'
import { iconSize, inOtherLayout, type PaletteEntry } from './palette-entry.ts'
import { usePaletteText } from './palette-messages.ts'

/** An address of IPv4 or IPv6, or the beginning of one that has its dots or colons. */
const isAddress = (text: string): boolean =>
  /^\d{1,3}(?:\.\d{1,3}){3}$/.test(text) || (/^[\da-f:.]+$/i.test(text) && text.split(':').length > 2)

const permission = /^([a-z][\w-]*):([a-z][\w-]*)$/i

/** «гыукыЖкуфв» is users:read, and «№4» is #4: typed in the other layout of the keyboard. */
export function identifierIn(typed: string): string {
  const other = inOtherLayout(typed)
  return permission.test(other) || /^#\d/.test(other) ? other : typed
}

/** What is found by how it is called in programs: «users:read», «#88», «203.0.113.24». Whatever else leads into the audit. */
export function useIdentifierEntries(query: string, resources: readonly Resource[]): readonly PaletteEntry[] {
  const text = usePaletteText()
  const may = useMay()
  const navigate = useNavigate()
  const typed = identifierIn(query.trim())
  if (typed === '') return []
  const entries: (PaletteEntry | false)[] = []

  const [, resource, action] = permission.exec(typed) ?? []
  if (resource !== undefined && action !== undefined) {
    const known = resources.find(({ code_name }) => code_name === resource)
    entries.push(
      known !== undefined &&
        may('users', 'read') && {
          id: 'who-can',
          label: text('whoCan', { permission: typed }),
          icon: <Users size={iconSize} />,
          act: () =>
            void navigate({
              to: '/console/resources/$id',
              params: { id: String(known.id) },
              search: { with: action },
            }),
        },
      may('users', 'read') && {
        id: 'check',
        label: text('check', { permission: typed }),
        icon: <FlaskConical size={iconSize} />,
        act: () => void navigate({ to: '/console/try', search: { resource, action } }),
      },
      may('roles', 'read') && {
        id: 'in-matrix',
        label: text('inMatrix', { permission: typed }),
        icon: <Grid3x3 size={iconSize} />,
        act: () => void navigate({ to: '/console/matrix', search: { resource: typed } }),
      },
    )
  }
  const id = /^#?(\d{1,9})$/.exec(typed)?.[1]
  if (id !== undefined) {
    entries.push(
      may('sessions', 'read') && {
        id: 'session',
        label: text('session', { id }),
        icon: <MonitorSmartphone size={iconSize} />,
        act: () => void navigate({ to: '/console/sessions/$id', params: { id } }),
      },
      may('audit', 'read') && {
        id: 'event',
        label: text('event', { id }),
        icon: <ScrollText size={iconSize} />,
        act: () => void navigate({ to: '/console/audit/$id', params: { id } }),
      },
    )
  }
  if (may('audit', 'read') && !typed.startsWith('#')) {
    const search = isAddress(typed) ? { address: typed } : { q: typed }
    entries.push({
      id: 'in-audit',
      label: text('inAudit', { query: typed }),
      icon: <ScrollText size={iconSize} />,
      act: () => void navigate({ to: '/console/audit', search }),
    })
  }
  return entries.filter(entry => entry !== false)
}
