import { Button, Center, Loader } from '@mantine/core'
import { CatchBoundary } from '@tanstack/react-router'
import { type ReactNode, useEffect, useState } from 'react'
import { defineMessages } from '../i18n/index.ts'
import { basePath, reachesServer } from '../session/index.ts'
import { FailureState } from '../ui/states.tsx'
import { MissingPieceError, reloadOnce } from './missing-piece.ts'

export const usePageErrorText = defineMessages('page-error', {
  en: {
    missing: 'A part of this page did not load',
    missingHint: 'A part of this page did not load. Reload it to try again.',
    unreachable: 'The server can’t be reached. This page keeps trying.',
    gone: 'The server responds but does not have this part. Reload the page; if that does not help, the server may be updating.',
    broken: 'This page has stopped working',
    brokenHint:
      'Something went wrong on this page; nothing was changed on the server. Reload it; if it happens again, report this message to your administrator:',
    reload: 'Reload',
    home: 'Start page',
  },
  ru: {
    missing: 'Часть страницы не загрузилась',
    missingHint: 'Часть страницы не загрузилась. Перезагрузите её, чтобы повторить попытку.',
    unreachable: 'Сервер недоступен. Страница повторяет попытки.',
    gone: 'Сервер отвечает, но этой части у него нет. Перезагрузите страницу; если не поможет, возможно, сервер сейчас обновляется.',
    broken: 'Страница перестала работать',
    brokenHint:
      'Ошибка на этой странице; на сервере ничего не изменилось. Перезагрузите её; если ошибка повторится, передайте это сообщение администратору:',
    reload: 'Перезагрузить',
    home: 'На главную',
  },
})

/** In place of a page that cannot be shown: the frame around it stays. */
export function PageError({ error }: { readonly error: unknown }) {
  return error instanceof MissingPieceError ? <MissingPiece /> : <BrokenPage error={error} />
}

/** Above all pages: for what breaks outside of them. */
export const ErrorBoundary = ({ children }: { readonly children: ReactNode }) => (
  <CatchBoundary getResetKey={() => 'page'} errorComponent={PageError}>
    {children}
  </CatchBoundary>
)

const reload = () => window.location.reload()

function BrokenPage({ error }: { readonly error: unknown }) {
  const text = usePageErrorText()
  return (
    <FailureState
      title={text('broken')}
      isPage
      action={
        <>
          <Button variant="default" component="a" href={`${basePath}/console/`}>
            {text('home')}
          </Button>
          <Button onClick={reload}>{text('reload')}</Button>
        </>
      }
    >
      <p>{text('brokenHint')}</p>
      <code>{String(error)}</code>
    </FailureState>
  )
}

const askAgainMs = 2_000

/** A reload by itself is tried first, and again as soon as a server that could not be reached answers. */
function MissingPiece() {
  const text = usePageErrorText()
  const [state, setState] = useState<'asking' | 'unreachable' | 'gone'>('asking')
  useEffect(() => {
    const ask = async () => {
      await reloadOnce()
      setState((await reachesServer()) ? 'gone' : 'unreachable')
    }
    void ask()
  }, [])
  useEffect(() => {
    if (state !== 'unreachable') return
    const timer = setInterval(async () => {
      if (await reachesServer()) reload()
    }, askAgainMs)
    return () => clearInterval(timer)
  }, [state])

  if (state === 'asking') {
    return (
      <Center h="100%" mih={120}>
        <Loader size="sm" />
      </Center>
    )
  }
  return (
    <FailureState
      title={text('missing')}
      isPage
      action={state === 'gone' && <Button onClick={reload}>{text('reload')}</Button>}
    >
      {text(state)}
    </FailureState>
  )
}
