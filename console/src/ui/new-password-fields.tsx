import { PasswordInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { useSignInOptions } from '../session/index.ts'
import { useCommonText } from './messages.ts'

interface NewPasswordFieldsProps {
  // biome-ignore lint/suspicious/noExplicitAny: forms of several shapes have these fields.
  readonly form: UseFormReturnType<any>
  readonly label: string
  readonly againLabel: string
}

/** A new password of a person, typed twice: the fields `password` and `password2` of a form. */
export function NewPasswordFields({ form, label, againLabel }: NewPasswordFieldsProps) {
  const text = useCommonText()
  const length = useSignInOptions()?.password_min_length
  return (
    <>
      <PasswordInput
        {...form.getInputProps('password')}
        label={label}
        description={length === undefined ? '\u00a0' : text('newPasswordHint', { count: length })}
        autoComplete="new-password"
        required
        withAsterisk={false}
      />
      <PasswordInput
        {...form.getInputProps('password2')}
        label={againLabel}
        autoComplete="new-password"
        required
        withAsterisk={false}
      />
    </>
  )
}
