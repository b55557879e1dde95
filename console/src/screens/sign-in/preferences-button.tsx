import { Button, type ButtonProps } from '@mantine/core'
import { Languages } from 'lucide-react'
import type { ComponentProps } from 'react'
import { currentLocale, localeNames } from '../../i18n/index.ts'
import { usePreferencesText } from '../../shell/preferences-messages.ts'

/** Names the language that is spoken; opens the choice of language and appearance. */
export function PreferencesButton(props: ButtonProps & ComponentProps<'button'>) {
  const text = usePreferencesText()
  return (
    <Button
      variant="subtle"
      color="gray"
      leftSection={<Languages size={15} aria-hidden />}
      aria-label={`${localeNames[currentLocale()]}: ${text('language')}, ${text('theme')}`}
      {...props}
    >
      {localeNames[currentLocale()]}
    </Button>
  )
}
