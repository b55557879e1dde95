import { Text } from '@mantine/core'
import { defineMessages } from '../../i18n/index.ts'
import { LinkAnchor } from '../../ui/link.tsx'
import { useSignInOptions } from './use-sign-in-options.ts'

const useText = defineMessages('forgotten-password', {
  en: { forgotten: 'Forgot the password?' },
  ru: { forgotten: 'Забыли пароль?' },
})

/** The way to a new password, where this server sends mail. */
export function ForgottenPassword() {
  const text = useText()
  if (useSignInOptions()?.mail !== true) return null
  return (
    <Text size="sm" ta="center">
      <LinkAnchor to="/account/reset" size="sm" underline="always">
        {text('forgotten')}
      </LinkAnchor>
    </Text>
  )
}
