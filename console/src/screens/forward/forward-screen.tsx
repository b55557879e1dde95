import { Alert, Button, Center, Loader, Stack } from '@mantine/core'
import { ProblemError } from '@propusk/client'
import { useLocation, useSearch } from '@tanstack/react-router'
import { Info } from 'lucide-react'
import { useCallback, useEffect, useState } from 'react'
import { defineMessages } from '../../i18n/index.ts'
import { enterForward } from '../../session/index.ts'
import { StepUpDialog } from '../../shell/step-up-dialog.tsx'
import { LinkAnchor } from '../../ui/link.tsx'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { SignedOutFrame } from '../sign-in/signed-out-frame.tsx'
import { isBackAtOnce, noteDeparture } from './departure.ts'

const useText = defineMessages('forward', {
  en: {
    title: 'Taking you back',
    returned:
      '{{host}} sent you back at once: this browser keeps no cookie for it, or another site of the same domain has set a cookie of the same name. Allow cookies, or delete those of the domain, and try again.',
    again: 'Try again',
    account: 'To my account',
  },
  ru: {
    title: 'Возвращаемся',
    returned:
      '{{host}} сразу вернул вас сюда: браузер не сохраняет для него cookie, или другой сайт этого домена задал cookie с тем же именем. Разрешите cookie или удалите их для этого домена и попробуйте снова.',
    again: 'Попробовать снова',
    account: 'К моей учётной записи',
  },
})

type Stop = 'returned' | 'unreachable' | ProblemError

/** Lets the browser of whoever is signed in pass the proxies that ask, and leads back to where it came from. */
export function ForwardScreen() {
  const text = useText()
  const to = useReturnAddress()
  const host = URL.canParse(to) ? new URL(to).host : to
  const [stop, setStop] = useState<Stop>()

  const leadOn = useCallback(() => {
    setStop(undefined)
    enterForward(to).then(
      address => {
        noteDeparture(host, Date.now())
        window.location.replace(address)
      },
      error => setStop(error instanceof ProblemError ? error : 'unreachable'),
    )
  }, [to, host])
  useEffect(() => (isBackAtOnce(host, Date.now()) ? setStop('returned') : leadOn()), [host, leadOn])

  return (
    <SignedOutFrame title={text('title')}>
      <StepUpDialog />
      {stop === undefined ? (
        <Center p="lg">
          <Loader size="sm" />
        </Center>
      ) : (
        <Stack gap="sm">
          {stop === 'returned' ? (
            <Alert role="status" variant="light" color="yellow" icon={<Info size={16} aria-hidden />}>
              {text('returned', { host })}
            </Alert>
          ) : (
            <ProblemNote problem={stop} />
          )}
          <Button onClick={leadOn}>{text('again')}</Button>
          <LinkAnchor to="/account" size="sm" ta="center">
            {text('account')}
          </LinkAnchor>
        </Stack>
      )}
    </SignedOutFrame>
  )
}

/** A browser keeps the part behind `#` while it is led here, and knows nothing of it in `to`. */
function useReturnAddress(): string {
  const { to = '' } = useSearch({ from: '/account/forward' })
  const { hash } = useLocation()
  return hash === '' || to.includes('#') ? to : `${to}#${hash}`
}
