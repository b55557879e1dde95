import { type MantineColorScheme, Menu, useMantineColorScheme } from '@mantine/core'
import { Check } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { changeLocale, defineMessages, localeNames, locales } from '../i18n/index.ts'

export const usePreferencesText = defineMessages('preferences', {
  en: {
    language: 'Language',
    theme: 'Appearance',
    light: 'Light',
    dark: 'Dark',
    auto: 'As the system',
  },
  ru: {
    language: 'Язык',
    theme: 'Оформление',
    light: 'Светлое',
    dark: 'Тёмное',
    auto: 'Как в системе',
  },
})

const schemes = ['light', 'dark', 'auto'] as const satisfies readonly MantineColorScheme[]

const check = (isChosen: boolean) =>
  isChosen ? <Check size={14} aria-hidden /> : <span style={{ width: 14 }} />

/** Language and appearance, as entries of a menu. */
export function PreferenceItems() {
  const text = usePreferencesText()
  const { i18n } = useTranslation()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  return (
    <>
      <Menu.Label>{text('language')}</Menu.Label>
      {locales.map(locale => (
        <Menu.Item
          key={locale}
          lang={locale}
          leftSection={check(i18n.language === locale)}
          onClick={() => void changeLocale(locale)}
        >
          {localeNames[locale]}
        </Menu.Item>
      ))}
      <Menu.Label>{text('theme')}</Menu.Label>
      {schemes.map(scheme => (
        <Menu.Item
          key={scheme}
          leftSection={check(colorScheme === scheme)}
          onClick={() => setColorScheme(scheme)}
        >
          {text(scheme)}
        </Menu.Item>
      ))}
    </>
  )
}
