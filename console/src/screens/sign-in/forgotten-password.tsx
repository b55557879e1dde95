import { Text } from '@mantine/core'
import { useEffect, useState } from 'react'
import { defineMessages } from '../../i18n/index.ts'
import { readSignInOptions } from '../../session/index.ts'
import { LinkAnchor } from '../../ui/link.tsx'

const useText = defineMessages('forgotten-password', {
  en: { forgotten: 'Forgot the password?' },
  ru: { forgotten: 'Забыли пароль?' },
})

/** The way to a new password, where this server sends mail. Not by a query: those are forgotten with each change of the person. */
export function ForgottenPassword() {
  const text = useText()
  const [isOffered, setOffered] = useState(false)
  useEffect(() => {
    let isWanted = true
    readSignInOptions().then(
      ({ mail }) => isWanted && setOffered(mail),
      () => undefined,
    )
    return () => {
      isWanted = false
    }
  }, [])
  if (!isOffered) return null
  return (
    <Text size="sm" ta="center">
      <LinkAnchor to="/account/reset" size="sm" underline="always">
        {text('forgotten')}
      </LinkAnchor>
    </Text>
  )
}
