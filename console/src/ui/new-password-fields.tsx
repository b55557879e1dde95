import { PasswordInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'

interface NewPasswordFieldsProps {
  // biome-ignore lint/suspicious/noExplicitAny: forms of several shapes have these fields.
  readonly form: UseFormReturnType<any>
  readonly label: string
  readonly hint: string
  readonly againLabel: string
}

/** A new password of a person, typed twice: the fields `password` and `password2` of a form. */
export const NewPasswordFields = ({ form, label, hint, againLabel }: NewPasswordFieldsProps) => (
  <>
    <PasswordInput
      {...form.getInputProps('password')}
      label={label}
      description={hint}
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
