import { useMantineColorScheme } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import {
  Blocks,
  Download,
  Keyboard,
  KeyRound,
  Languages,
  LogOut,
  type LucideIcon,
  MailPlus,
  Moon,
  RefreshCw,
  ShieldCheck,
  Sun,
  SunMoon,
  UserPlus,
  UserRound,
  Zap,
} from 'lucide-react'
import { changeLocale, localeNames } from '../i18n/index.ts'
import { signOut, useMay } from '../session/index.ts'
import { exportFile } from '../ui/export-file.ts'
import { notifyProblem } from '../ui/notify.tsx'
import { hasWords, iconSize, inEveryLanguage, type PaletteEntry } from './palette-entry.ts'
import { type PaletteKey, usePaletteText } from './palette-messages.ts'
import { showShortcuts } from './shortcuts-shown.ts'

interface Act {
  readonly id: PaletteKey
  readonly icon: LucideIcon
  /** What it takes; everybody may, where it is absent. */
  readonly permission?: readonly [resource: string, action: string]
  readonly hint?: string
  act(): void
}

const create = 'yes'

/** Every act of the interface that is no thing of its own: found by its name in both languages, and by other words for it. */
export function usePaletteActs(query: string): readonly PaletteEntry[] {
  const text = usePaletteText()
  const may = useMay()
  const navigate = useNavigate()
  const { setColorScheme } = useMantineColorScheme()
  const run = (act: Promise<unknown>) => void act.catch(notifyProblem)

  const acts: readonly Act[] = [
    {
      id: 'newUser',
      icon: UserPlus,
      permission: ['users', 'create'],
      act: () => void navigate({ to: '/console/users', search: { create } }),
    },
    {
      id: 'invite',
      icon: MailPlus,
      permission: ['users', 'create'],
      act: () => void navigate({ to: '/console/invitations', search: { create } }),
    },
    {
      id: 'newRole',
      icon: ShieldCheck,
      permission: ['roles', 'create'],
      act: () => void navigate({ to: '/console/roles', search: { create } }),
    },
    {
      id: 'newApiKey',
      icon: KeyRound,
      permission: ['api_keys', 'create'],
      act: () => void navigate({ to: '/console/api-keys', search: { create } }),
    },
    {
      id: 'newResource',
      icon: Blocks,
      permission: ['resources', 'create'],
      act: () => void navigate({ to: '/console/resources', search: { create } }),
    },
    {
      id: 'newAction',
      icon: Zap,
      permission: ['actions', 'create'],
      act: () => void navigate({ to: '/console/actions', search: { create } }),
    },
    {
      id: 'exportUsers',
      icon: Download,
      permission: ['users', 'read'],
      act: () => run(exportFile('exportUsers', 'users.csv')),
    },
    {
      id: 'exportSessions',
      icon: Download,
      permission: ['sessions', 'read'],
      act: () => run(exportFile('exportSessions', 'sessions.csv')),
    },
    {
      id: 'exportAudit',
      icon: Download,
      permission: ['audit', 'read'],
      act: () => run(exportFile('exportAuditEvents', 'audit.csv')),
    },
    {
      id: 'rotateKeys',
      icon: RefreshCw,
      permission: ['server', 'update'],
      act: () => void navigate({ to: '/console/settings' }),
    },
    { id: 'light', icon: Sun, act: () => setColorScheme('light') },
    { id: 'dark', icon: Moon, act: () => setColorScheme('dark') },
    { id: 'auto', icon: SunMoon, act: () => setColorScheme('auto') },
    { id: 'english', icon: Languages, hint: localeNames.en, act: () => run(changeLocale('en')) },
    { id: 'russian', icon: Languages, hint: localeNames.ru, act: () => run(changeLocale('ru')) },
    { id: 'shortcuts', icon: Keyboard, hint: '?', act: showShortcuts },
    { id: 'ownAccount', icon: UserRound, act: () => void navigate({ to: '/account' }) },
    { id: 'ownPassword', icon: KeyRound, act: () => void navigate({ to: '/account/password' }) },
    { id: 'ownFactors', icon: ShieldCheck, act: () => void navigate({ to: '/account/factors' }) },
    { id: 'ownDevices', icon: UserRound, act: () => void navigate({ to: '/account/devices' }) },
    { id: 'signOut', icon: LogOut, act: () => run(signOut()) },
  ]
  return acts
    .filter(({ permission }) => permission === undefined || may(...permission))
    .filter(({ id }) =>
      hasWords(`${inEveryLanguage('palette', id)} ${inEveryLanguage('palette-words', id)}`, query.trim()),
    )
    .map(({ id, icon: Icon, hint, act }) => ({
      id,
      label: text(id),
      ...(hint !== undefined && { hint }),
      icon: <Icon size={iconSize} />,
      act,
    }))
}
