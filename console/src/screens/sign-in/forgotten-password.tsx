import { Text } from '@mantine/core'
import { defineMessages } from '../../i18n/index.ts'
import { useSignInOptions } from '../../session/index.ts'
import { LinkAnchor } from '../../ui/link.tsx'

const useText = defineMessages('forgotten-password', {
  en: { forgotten: 'Forgot password?', byCode: 'Sign in with a code from an email' },
  ru: { forgotten: 'Забыли пароль?', byCode: 'Войти по коду из письма' },
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

/** The way in by a mail in the place of the password, where this server offers it. */
export function CodeByMail({ to }: { readonly to: string | undefined }) {
  const text = useText()
  if (useSignInOptions()?.login_code !== true) return null
  return (
    <Text size="sm" ta="center">
      <LinkAnchor to="/account/code" search={{ to }} size="sm" underline="always">
        {text('byCode')}
      </LinkAnchor>
    </Text>
  )
}
