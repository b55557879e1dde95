import { Alert, Button, Stack, Text, TextInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { Info } from 'lucide-react'
import { LinkAnchor } from '../../ui/link.tsx'
import { NewPasswordFields } from '../../ui/new-password-fields.tsx'
import { forgetMailToken } from './mail-token.ts'
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
      <EmailInput form={form} label={text('email')} />
      <CodeInput form={form} />
    </>
  )
}

interface EmailInputProps extends Fields {
  readonly label: string
  /** `username` where the address is that of the account. */
  readonly autoComplete?: 'username' | 'email'
  readonly autoFocus?: boolean
}

export const EmailInput = ({
  form,
  label,
  autoComplete = 'username',
  autoFocus = false,
}: EmailInputProps) => (
  <TextInput
    {...form.getInputProps('email')}
    label={label}
    type="email"
    autoComplete={autoComplete}
    required
    withAsterisk={false}
    autoFocus={autoFocus}
  />
)

/** A link that was cut off or used leaves the way by the code. */
export function ByCode() {
  const text = useRecoveryText()
  return (
    <Button variant="subtle" size="compact-sm" onClick={forgetMailToken}>
      {text('byCode')}
    </Button>
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
  return <NewPasswordFields form={form} label={text('next')} againLabel={text('again')} />
}
