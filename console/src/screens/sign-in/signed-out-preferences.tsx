import { Button, Menu } from '@mantine/core'
import { Languages } from 'lucide-react'
import { currentLocale, localeNames } from '../../i18n/index.ts'
import { PreferenceItems, usePreferencesText } from '../../shell/preferences.tsx'

/** Language and appearance for whoever is not signed in yet. */
export function SignedOutPreferences() {
  const text = usePreferencesText()
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button
          variant="subtle"
          color="gray"
          leftSection={<Languages size={15} aria-hidden />}
          aria-label={`${localeNames[currentLocale()]}: ${text('language')}, ${text('theme')}`}
        >
          {localeNames[currentLocale()]}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <PreferenceItems />
      </Menu.Dropdown>
    </Menu>
  )
}
