import { Button, Group, PasswordInput, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { defineMessages } from '../../i18n/index.ts'
import { register } from '../../session/index.ts'
import { LinkAnchor } from '../../ui/link.tsx'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { useFormProblem } from '../../ui/use-form-problem.ts'
import { Door } from './door.tsx'
import { useGoOnOnceSignedIn } from './sign-in-screen.tsx'

const useText = defineMessages('register', {
  en: {
    title: 'Open an account',
    email: 'Email',
    firstName: 'First name',
    lastName: 'Last name',
    password: 'Password',
    passwordHint: 'At least 8 characters. Length is what counts: a few words are better than signs.',
    password2: 'Password again',
    submit: 'Open the account',
    signIn: 'Sign in',
    hasAccount: 'You have one already?',
  },
  ru: {
    title: 'Новый аккаунт',
    email: 'Эл. почта',
    firstName: 'Имя',
    lastName: 'Фамилия',
    password: 'Пароль',
    passwordHint: 'Не меньше 8 символов. Важна длина: несколько слов лучше, чем знаки.',
    password2: 'Пароль ещё раз',
    submit: 'Открыть аккаунт',
    signIn: 'Войти',
    hasAccount: 'Аккаунт уже есть?',
  },
})

export function RegisterScreen() {
  const text = useText()
  const { to } = useSearch({ from: '/account/register' })
  const [isUnderWay, setUnderWay] = useState(false)
  const form = useForm({
    initialValues: { email: '', first_name: '', last_name: '', password: '', password2: '' },
  })
  const { problem, show, clear } = useFormProblem(form)
  useGoOnOnceSignedIn(to)

  const submit = async ({ first_name, last_name, ...account }: typeof form.values) => {
    clear()
    setUnderWay(true)
    try {
      await register({
        ...account,
        ...(first_name !== '' && { first_name }),
        ...(last_name !== '' && { last_name }),
      })
    } catch (error) {
      show(error)
    } finally {
      setUnderWay(false)
    }
  }

  return (
    <Door title={text('title')}>
      <form onSubmit={form.onSubmit(values => void submit(values))}>
        <Stack gap="sm">
          <ProblemNote problem={problem} />
          <TextInput
            {...form.getInputProps('email')}
            label={text('email')}
            type="email"
            autoComplete="username"
            required
            withAsterisk={false}
            autoFocus
          />
          <Group grow gap="sm" align="flex-start">
            <TextInput
              {...form.getInputProps('first_name')}
              label={text('firstName')}
              autoComplete="given-name"
            />
            <TextInput
              {...form.getInputProps('last_name')}
              label={text('lastName')}
              autoComplete="family-name"
            />
          </Group>
          <PasswordInput
            {...form.getInputProps('password')}
            label={text('password')}
            description={text('passwordHint')}
            autoComplete="new-password"
            required
            withAsterisk={false}
          />
          <PasswordInput
            {...form.getInputProps('password2')}
            label={text('password2')}
            autoComplete="new-password"
            required
            withAsterisk={false}
          />
          <Button type="submit" loading={isUnderWay} mt={4}>
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
    </Door>
  )
}
