import { Button, Stack, Text } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useRouter, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { defineMessages } from '../../i18n/index.ts'
import { register } from '../../session/index.ts'
import { LinkAnchor } from '../../ui/link.tsx'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { useFormProblem } from '../../ui/use-form-problem.ts'
import { emptyAccount, NewAccountFields, toNewAccount } from './new-account-fields.tsx'
import { useGoOnOnceSignedIn } from './sign-in-screen.tsx'
import { SignedOutFrame } from './signed-out-frame.tsx'

const useText = defineMessages('register', {
  en: {
    title: 'Create an account',
    submit: 'Create account',
    signIn: 'Sign in',
    hasAccount: 'Already have an account?',
  },
  ru: {
    title: 'Новая учётная запись',
    submit: 'Создать учётную запись',
    signIn: 'Войти',
    hasAccount: 'Уже есть учётная запись?',
  },
})

export function RegisterScreen() {
  const text = useText()
  const { to } = useSearch({ from: '/account/register' })
  const [isBusy, setBusy] = useState(false)
  const form = useForm({ initialValues: emptyAccount })
  const { problem, show, clear } = useFormProblem(form)
  const router = useRouter()
  useGoOnOnceSignedIn(to)

  const submit = async (values: typeof form.values) => {
    clear()
    setBusy(true)
    try {
      if (await register(toNewAccount(values))) return
      await router.navigate({ to: '/account/activate', search: { email: values.email } })
    } catch (error) {
      show(error)
    } finally {
      setBusy(false)
    }
  }

  return (
    <SignedOutFrame title={text('title')}>
      <form onSubmit={form.onSubmit(values => void submit(values))}>
        <Stack gap="sm">
          <ProblemNote problem={problem} />
          <NewAccountFields form={form} />
          <Button type="submit" loading={isBusy} mt={4}>
            {text('submit')}
          </Button>
          <Text size="sm" c="dimmed" ta="center">
            {text('hasAccount')}{' '}
            <LinkAnchor to="/account/sign-in" search={{ to }} size="sm" underline="always">
              {text('signIn')}
            </LinkAnchor>
          </Text>
        </Stack>
      </form>
    </SignedOutFrame>
  )
}
