import { Alert, Button, Center, Loader, Stack, Text } from '@mantine/core'
import { useForm } from '@mantine/form'
import { ProblemError } from '@propusk/client'
import { useRouter } from '@tanstack/react-router'
import { Info } from 'lucide-react'
import { useCallback, useEffect, useState } from 'react'
import { defineMessages } from '../../i18n/index.ts'
import { basePath, checkSetupLink, makeFirstSuperuser } from '../../session/index.ts'
import { LinkAnchor } from '../../ui/link.tsx'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { useFormProblem } from '../../ui/use-form-problem.ts'
import { emptyAccount, NewAccountFields, toNewAccount } from '../sign-in/new-account-fields.tsx'
import { SignedOutFrame } from '../sign-in/signed-out-frame.tsx'
import { useSetupLink } from './setup-token.ts'

const useText = defineMessages('setup', {
  en: {
    title: 'The first superuser',
    about:
      'Propusk is running and has no superuser yet. This account can do everything, so choose a strong password.',
    submit: 'Create the superuser',
    useless:
      'This link no longer works: it has been used, an hour has passed, the server was restarted, or there is already a superuser.',
    absent: 'Open this page with the link that the server prints when it starts without a superuser.',
    whatNow: 'If there is no superuser yet, restart the server: it prints a new link.',
    signIn: 'Sign in',
  },
  ru: {
    title: 'Первый суперпользователь',
    about:
      'Propusk запущен, суперпользователя ещё нет. У этой учётной записи будет полный доступ, поэтому выберите надёжный пароль.',
    submit: 'Создать суперпользователя',
    useless:
      'Эта ссылка больше не действует: её уже использовали, прошёл час, сервер перезапустили или суперпользователь уже есть.',
    absent: 'Откройте эту страницу по ссылке, которую сервер печатает при запуске без суперпользователя.',
    whatNow: 'Если суперпользователя ещё нет, перезапустите сервер: он напечатает новую ссылку.',
    signIn: 'Войти',
  },
})

type Check =
  | { readonly state: 'checking' | 'works' | 'useless' }
  | { readonly state: 'failed'; readonly error: unknown }

const isUseless = (error: unknown) => error instanceof ProblemError && error.code === 'not_found'

const outcomeOf = (token: string): Promise<Check> =>
  checkSetupLink(token).then(
    () => ({ state: 'works' }),
    error => (isUseless(error) ? { state: 'useless' } : { state: 'failed', error }),
  )

/** Makes the first superuser by the link that the server printed. */
export function SetupScreen() {
  const text = useText()
  const link = useSetupLink()
  const [check, setCheck] = useState<Check>({ state: 'checking' })

  /** Gives the way to drop the answer. */
  const ask = useCallback((token: string) => {
    let isWanted = true
    setCheck({ state: 'checking' })
    void outcomeOf(token).then(outcome => isWanted && setCheck(outcome))
    return () => {
      isWanted = false
    }
  }, [])
  useEffect(() => (link === undefined ? undefined : ask(link.token)), [link, ask])

  return (
    <SignedOutFrame title={text('title')}>
      {link === undefined ? (
        <NoUse reason={text('absent')} />
      ) : check.state === 'works' ? (
        <SetupForm token={link.token} onUseless={() => setCheck({ state: 'useless' })} />
      ) : check.state === 'useless' ? (
        <NoUse reason={text('useless')} />
      ) : check.state === 'failed' ? (
        <ErrorState error={check.error} onRetry={() => void ask(link.token)} />
      ) : (
        <Center p="lg">
          <Loader size="sm" />
        </Center>
      )}
    </SignedOutFrame>
  )
}

interface SetupFormProps {
  readonly token: string
  /** The link was used meanwhile, or has expired. */
  readonly onUseless: () => void
}

function SetupForm({ token, onUseless }: SetupFormProps) {
  const text = useText()
  const router = useRouter()
  const form = useForm({ initialValues: emptyAccount })
  const { problem, isBusy, attempt, show } = useFormProblem(form)

  const submit = (values: typeof form.values) => {
    const make = async () => {
      await makeFirstSuperuser({ token, ...toNewAccount(values) })
      router.history.replace(`${basePath}/console`)
    }
    return attempt(make, error => (isUseless(error) ? onUseless() : show(error)))
  }

  return (
    <form onSubmit={form.onSubmit(values => void submit(values))}>
      <Stack gap="sm">
        <Text size="sm" c="dimmed">
          {text('about')}
        </Text>
        <ProblemNote problem={problem} />
        <NewAccountFields form={form} />
        <Button type="submit" loading={isBusy} mt={4}>
          {text('submit')}
        </Button>
      </Stack>
    </form>
  )
}

/** Says why nothing can be made here, and leads on. */
function NoUse({ reason }: { readonly reason: string }) {
  const text = useText()
  return (
    <Stack gap="sm">
      <Alert role="status" variant="light" color="yellow" icon={<Info size={16} aria-hidden />}>
        {reason}
      </Alert>
      <Text size="sm" c="dimmed">
        {text('whatNow')}
      </Text>
      <Text size="sm" ta="center">
        <LinkAnchor to="/account/sign-in" size="sm" underline="always">
          {text('signIn')}
        </LinkAnchor>
      </Text>
    </Stack>
  )
}
