import { Group, TextInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { defineMessages } from '../../i18n/index.ts'
import { NewPasswordFields } from '../../ui/new-password-fields.tsx'

const useText = defineMessages('new-account', {
  en: {
    email: 'Email',
    firstName: 'First name',
    lastName: 'Last name',
    password: 'Password',
    password2: 'Password again',
  },
  ru: {
    email: 'Эл. почта',
    firstName: 'Имя',
    lastName: 'Фамилия',
    password: 'Пароль',
    password2: 'Пароль ещё раз',
  },
})

export const emptyAccount = { email: '', first_name: '', last_name: '', password: '', password2: '' }

export type AccountValues = typeof emptyAccount

/** As the API takes it: a name that was left empty is not sent. */
export const toNewAccount = ({ first_name, last_name, ...account }: AccountValues) => ({
  ...account,
  ...(first_name !== '' && { first_name }),
  ...(last_name !== '' && { last_name }),
})

/** What an account is opened with, by its owner. */
export function NewAccountFields({ form }: { readonly form: UseFormReturnType<AccountValues> }) {
  const text = useText()
  return (
    <>
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
        <TextInput {...form.getInputProps('last_name')} label={text('lastName')} autoComplete="family-name" />
      </Group>
      <NewPasswordFields form={form} label={text('password')} againLabel={text('password2')} />
    </>
  )
}
