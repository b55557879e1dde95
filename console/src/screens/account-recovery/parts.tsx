import { Alert, Stack, Text, TextInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { Info } from 'lucide-react'
import { LinkAnchor } from '../../ui/link.tsx'
import { NewPasswordFields } from '../../ui/new-password-fields.tsx'
import { useRecoveryText } from './messages.ts'

/** The end of a flow, and the way to sign in. */
export function Done({ children }: { readonly children: string }) {
  const text = useRecoveryText()
  return (
    <Stack gap="sm">
      <Alert role="status" variant="light" icon={<Info size={16} aria-hidden />}>
        {children}
      </Alert>
      <SignInLink>{text('signIn')}</SignInLink>
    </Stack>
  )
}

export const SignInLink = ({ children }: { readonly children: string }) => (
  <Text size="sm" ta="center">
    <LinkAnchor to="/account/sign-in" size="sm" underline="always">
      {children}
    </LinkAnchor>
  </Text>
)

interface Fields {
  // biome-ignore lint/suspicious/noExplicitAny: forms of several shapes have these fields.
  readonly form: UseFormReturnType<any>
}

export function EmailAndCode({ form }: Fields) {
  const text = useRecoveryText()
  return (
    <>
      <TextInput
        {...form.getInputProps('email')}
        label={text('email')}
        type="email"
        autoComplete="username"
        required
        withAsterisk={false}
      />
      <CodeInput form={form} />
    </>
  )
}

export function CodeInput({ form }: Fields) {
  const text = useRecoveryText()
  return (
    <TextInput
      {...form.getInputProps('code')}
      label={text('code')}
      description={text('codeHint')}
      inputMode="numeric"
      autoComplete="one-time-code"
      required
      withAsterisk={false}
    />
  )
}

export function RecoveredPasswordFields({ form }: Fields) {
  const text = useRecoveryText()
  return (
    <NewPasswordFields form={form} label={text('next')} hint={text('nextHint')} againLabel={text('again')} />
  )
}
