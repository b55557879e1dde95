import { MapPinOff } from 'lucide-react'
import { defineMessages } from '../i18n/index.ts'
import { LinkButton } from '../ui/link.tsx'
import { useDocumentTitle } from '../ui/page.tsx'
import { EmptyState } from '../ui/states.tsx'
import { Logo } from './logo.tsx'

const useText = defineMessages('not-found', {
  en: {
    title: 'There is no page at this address',
    hint: 'The link may be old, or mistyped.',
    home: 'To the overview',
  },
  ru: {
    title: 'По этому адресу страницы нет',
    hint: 'Возможно, ссылка устарела или в ней опечатка.',
    home: 'К обзору',
  },
})

export function NotFound() {
  const text = useText()
  useDocumentTitle(text('title'))
  return (
    <EmptyState
      icon={<MapPinOff />}
      isPage
      title={text('title')}
      action={
        <LinkButton to="/console" variant="default">
          {text('home')}
        </LinkButton>
      }
    >
      {text('hint')}
    </EmptyState>
  )
}

/** The same where there is no frame around it. */
export const NotFoundAlone = () => (
  <main style={{ padding: 24 }}>
    <Logo />
    <NotFound />
  </main>
)
