import { type MantineColorScheme, Menu, useMantineColorScheme } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { changeLocale, type Locale, localeNames, locales } from '../i18n/index.ts'
import { usePreferencesText } from './preferences-messages.ts'

const schemes = ['light', 'dark', 'auto'] as const satisfies readonly MantineColorScheme[]

/** Language and appearance, as entries of a menu. */
export function PreferenceItems() {
  const text = usePreferencesText()
  const { i18n } = useTranslation()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  return (
    <>
      <Menu.Label>{text('language')}</Menu.Label>
      <Menu.RadioGroup value={i18n.language} onChange={locale => void changeLocale(locale as Locale)}>
        {locales.map(locale => (
          <Menu.RadioItem key={locale} value={locale} lang={locale}>
            {localeNames[locale]}
          </Menu.RadioItem>
        ))}
      </Menu.RadioGroup>
      <Menu.Label>{text('theme')}</Menu.Label>
      <Menu.RadioGroup value={colorScheme} onChange={scheme => setColorScheme(scheme as MantineColorScheme)}>
        {schemes.map(scheme => (
          <Menu.RadioItem key={scheme} value={scheme}>
            {text(scheme)}
          </Menu.RadioItem>
        ))}
      </Menu.RadioGroup>
    </>
  )
}
