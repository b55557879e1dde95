import { MapPinOff } from 'lucide-react'
import { Suspense } from 'react'
import { defineMessages } from '../i18n/index.ts'
import { sessionState, useProfile } from '../session/index.ts'
import { LinkButton } from '../ui/link.tsx'
import { useDocumentTitle } from '../ui/page.tsx'
import { EmptyState } from '../ui/states.tsx'
import { Logo } from './logo.tsx'
import { lazyPiece } from './missing-piece.ts'
import classes from './not-found.module.css'

const useText = defineMessages('not-found', {
  en: {
    title: 'There is no page at this address',
    hint: 'The link may be old, or mistyped.',
    console: 'To the overview',
    account: 'To my account',
    signIn: 'To sign-in',
  },
  ru: {
    title: 'По этому адресу страницы нет',
    hint: 'Возможно, ссылка устарела или в ней опечатка.',
    console: 'К обзору',
    account: 'К моей учётной записи',
    signIn: 'Ко входу',
  },
})

const ways = { console: '/console', account: '/account', signIn: '/account/sign-in' } as const

/** In place of a page that is not there: says so, and leads on. */
function NoSuchPage({ to }: { readonly to: keyof typeof ways }) {
  const text = useText()
  useDocumentTitle(text('title'))
  return (
    <EmptyState
      icon={<MapPinOff />}
      isPage
      title={text('title')}
      action={
        <LinkButton to={ways[to]} variant="default">
          {text(to)}
        </LinkButton>
      }
    >
      {text('hint')}
    </EmptyState>
  )
}

/** In the frame of the console or of the account. */
export function NotFound() {
  const { is_staff, is_superuser } = useProfile()
  return <NoSuchPage to={is_staff || is_superuser ? 'console' : 'account'} />
}

const AccountFrame = lazyPiece(() => import('./account-shell.tsx'), 'AccountFrame')

/** Where no frame is around it: whoever is signed in gets that of their account. */
export function NotFoundAlone() {
  if (sessionState().status === 'in') {
    return (
      <Suspense>
        <AccountFrame>
          <NotFound />
        </AccountFrame>
      </Suspense>
    )
  }
  return (
    <main className={classes.alone}>
      <Logo />
      <NoSuchPage to="signIn" />
    </main>
  )
}
