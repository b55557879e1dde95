import { Alert, Button, PasswordInput, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import type { SecondStep } from '@propusk/client'
import { useRouter, useSearch } from '@tanstack/react-router'
import { Info } from 'lucide-react'
import { useEffect, useState } from 'react'
import { defineMessages } from '../../i18n/index.ts'
import { basePath, type Ending, keepsAnything, signIn, useSession } from '../../session/index.ts'
import { LinkAnchor } from '../../ui/link.tsx'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { useFormProblem } from '../../ui/use-form-problem.ts'
import { destinationOf } from './destination.ts'
import { CodeByMail, ForgottenPassword } from './forgotten-password.tsx'
import { PasskeyButton } from './passkey-button.tsx'
import { RememberBox } from './remember-box.tsx'
import { SecondStepForm } from './second-step-form.tsx'
import { SignedOutFrame } from './signed-out-frame.tsx'

const useText = defineMessages('sign-in', {
  en: {
    title: 'Sign in',
    secondStep: 'Second step',
    email: 'Email',
    password: 'Password',
    submit: 'Sign in',
    register: 'Create an account',
    noAccount: 'No account yet?',
    signed_out: 'You have signed out.',
    closed: 'Your account is closed. You are signed out everywhere.',
    deactivated: 'An administrator has deactivated your account. You are signed out everywhere.',
    ended: 'Your session was ended. Sign in to continue.',
    expired: 'Your session expired. Sign in to continue.',
    idle: 'You were signed out because you were inactive. Sign in to continue.',
    kept: 'What you typed is kept, and comes back when you sign in as the same person.',
    reuse:
      'This session was ended because one of its tokens was used twice. Someone else may have a copy: change your password.',
  },
  ru: {
    title: 'Вход',
    secondStep: 'Второй шаг',
    email: 'Эл. почта',
    password: 'Пароль',
    submit: 'Войти',
    register: 'Создать учётную запись',
    noAccount: 'Ещё нет учётной записи?',
    signed_out: 'Вы вышли из системы.',
    closed: 'Ваша учётная запись закрыта. Все ваши сеансы завершены.',
    deactivated: 'Администратор деактивировал вашу учётную запись. Все ваши сеансы завершены.',
    ended: 'Этот сеанс завершён. Войдите, чтобы продолжить.',
    expired: 'Срок сеанса истёк. Войдите, чтобы продолжить.',
    idle: 'Вы долго не были активны, и сеанс завершён. Войдите, чтобы продолжить.',
    kept: 'Введённое сохранено и вернётся, если войдёт тот же пользователь.',
    reuse:
      'Сеанс завершён: один из его токенов использован дважды. Возможно, он попал в чужие руки. Смените пароль.',
  },
})

export function SignInScreen() {
  const text = useText()
  const { to, email } = useSearch({ from: '/account/sign-in' })
  const [isBusy, setBusy] = useState(false)
  const form = useForm({ initialValues: { email: email ?? '', password: '', remember: false } })
  const { problem, show, clear } = useFormProblem(form)
  const [step, setStep] = useState<SecondStep>()
  const ending = useGoOnOnceSignedIn(to)

  const submit = async (values: typeof form.values) => {
    clear()
    setBusy(true)
    try {
      setStep(await signIn(values))
      form.setFieldValue('password', '')
    } catch (error) {
      form.setFieldValue('password', '')
      show(error)
    } finally {
      setBusy(false)
    }
  }

  if (step !== undefined) {
    return (
      <SignedOutFrame title={text('secondStep')}>
        <SecondStepForm step={step} remember={form.values.remember} onStartOver={() => setStep(undefined)} />
      </SignedOutFrame>
    )
  }

  return (
    <SignedOutFrame title={text('title')}>
      <form onSubmit={form.onSubmit(values => void submit(values))}>
        <Stack gap="sm">
          {ending !== undefined && problem === undefined && (
            <Alert
              role="status"
              variant="light"
              color={ending === 'signed_out' ? 'gray' : 'yellow'}
              icon={<Info size={16} />}
            >
              {text(ending)}
              {keepsAnything() && ` ${text('kept')}`}
            </Alert>
          )}
          <ProblemNote problem={problem} />
          <TextInput
            {...form.getInputProps('email')}
            label={text('email')}
            type="email"
            autoComplete="username webauthn"
            required
            withAsterisk={false}
            data-autofocus
            autoFocus
          />
          <PasswordInput
            {...form.getInputProps('password')}
            label={text('password')}
            autoComplete="current-password"
            required
            withAsterisk={false}
          />
          <RememberBox input={form.getInputProps('remember', { type: 'checkbox' })} />
          <Button type="submit" loading={isBusy} mt={4}>
            {text('submit')}
          </Button>
          <PasskeyButton remember={form.values.remember} onProblem={show} onStart={clear} />
          <ForgottenPassword />
          <CodeByMail to={to} />
          <Text size="sm" c="dimmed" ta="center">
            {text('noAccount')}{' '}
            <LinkAnchor to="/account/register" search={{ to }} size="sm" underline="always">
              {text('register')}
            </LinkAnchor>
          </Text>
        </Stack>
      </form>
    </SignedOutFrame>
  )
}

/** Leads on as soon as somebody is signed in, here or in another tab. Gives why nobody was. */
export function useGoOnOnceSignedIn(to: string | undefined): Ending | undefined {
  const session = useSession()
  const router = useRouter()
  const destination =
    session.status === 'in'
      ? destinationOf(to, session.profile.is_staff || session.profile.is_superuser)
      : undefined
  useEffect(() => {
    if (destination !== undefined) router.history.replace(basePath + destination)
  }, [destination, router])
  return session.status === 'out' ? session.ending : undefined
}
