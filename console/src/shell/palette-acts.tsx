import { useMantineColorScheme } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { Keyboard, Languages, LogOut, type LucideIcon, Moon, Sun, SunMoon } from 'lucide-react'
import { changeLocale, localeNames } from '../i18n/index.ts'
import { basePath, signOut, useMay, useProfile } from '../session/index.ts'
import { exportFile } from '../ui/export-file.ts'
import { notifyProblem } from '../ui/notify.tsx'
import { hasWords, iconSize, inEveryLanguage, type PaletteEntry } from './palette-entry.ts'
import { type PaletteKey, usePaletteText } from './palette-messages.ts'
import { documents, exports_, pages } from './palette-targets.ts'
import { showShortcuts } from './shortcuts-shown.ts'

interface Act {
  readonly id: PaletteKey
  readonly icon: LucideIcon
  readonly hint?: string
  act(): void
}

/** Every act of the interface that is no thing of its own: found by its name in both languages, and by other words for it. */
export function usePaletteActs(query: string): readonly PaletteEntry[] {
  const text = usePaletteText()
  const acts = [...useAllowedActs(), ...useOwnActs()]
  return acts
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

const run = (act: Promise<unknown>) => void act.catch(notifyProblem)

/** What the person may do: pages that begin something, and files. */
function useAllowedActs(): readonly Act[] {
  const may = useMay()
  const { is_superuser } = useProfile()
  const navigate = useNavigate()
  return [
    ...pages
      .filter(({ permission, ofSuperusers = false }) =>
        ofSuperusers ? is_superuser : permission === undefined || may(...permission),
      )
      .map(({ id, icon, go }) => ({ id, icon, act: () => void go(navigate) })),
    ...exports_
      .filter(({ permission }) => may(...permission))
      .map(({ id, icon, operation, file }) => ({ id, icon, act: () => run(exportFile(operation, file)) })),
    ...documents.map(({ id, icon, path }) => ({
      id,
      icon,
      act: () => void window.open(`${basePath}${path}`, '_blank', 'noreferrer'),
    })),
  ]
}

/** What concerns only the person: how the pages look, and the way out. */
function useOwnActs(): readonly Act[] {
  const { setColorScheme } = useMantineColorScheme()
  return [
    { id: 'light', icon: Sun, act: () => setColorScheme('light') },
    { id: 'dark', icon: Moon, act: () => setColorScheme('dark') },
    { id: 'auto', icon: SunMoon, act: () => setColorScheme('auto') },
    { id: 'english', icon: Languages, hint: localeNames.en, act: () => run(changeLocale('en')) },
    { id: 'russian', icon: Languages, hint: localeNames.ru, act: () => run(changeLocale('ru')) },
    { id: 'shortcuts', icon: Keyboard, hint: '?', act: showShortcuts },
    { id: 'signOut', icon: LogOut, act: () => run(signOut()) },
  ]
}
