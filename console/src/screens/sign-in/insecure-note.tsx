import { Alert } from '@mantine/core'
import { TriangleAlert } from 'lucide-react'
import { defineMessages } from '../../i18n/index.ts'
import { basePath } from '../../session/index.ts'

const useText = defineMessages('insecure', {
  en: {
    title: 'This address is not secure (no HTTPS)',
    means:
      'Your browser will not keep the session: you can sign in, but you will be signed out when the page reloads, or within minutes.',
    instead: 'Open this page over HTTPS:',
    local:
      'On the server itself, http://localhost works as well. The documentation says how to set up HTTPS.',
  },
  ru: {
    title: 'Этот адрес не защищён (без HTTPS)',
    means:
      'Браузер не сохранит сеанс: войти можно, но после перезагрузки страницы или через несколько минут придётся входить снова.',
    instead: 'Откройте эту страницу по HTTPS:',
    local: 'На самом сервере подойдёт и http://localhost. Как настроить HTTPS, сказано в документации.',
  },
})

/**
 * Said before somebody signs in where the cookie of the session will be lost: browsers take a cookie with `Secure` only over
 * HTTPS and from loopback (RFC 6265bis, section 5.7), which is where a context is secure.
 */
export function InsecureNote() {
  const text = useText()
  if (window.isSecureContext) return null
  const address = `https://${window.location.hostname}${basePath}/`
  return (
    <Alert color="yellow" variant="light" icon={<TriangleAlert size={16} />} mb="md">
      <b>{text('title')}.</b> {text('means')}
      <p>
        {text('instead')}{' '}
        <a href={address} style={{ color: 'inherit' }}>
          {address}
        </a>
      </p>
      <p>{text('local')}</p>
    </Alert>
  )
}
