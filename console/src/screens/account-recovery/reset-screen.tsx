import { Alert, Button, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { ProblemError } from '@propusk/client'
import { useState } from 'react'
import {
  canUsePasskeys,
  hasResetPasskey,
  isDismissed,
  requestReset,
  resetByPasskey,
  resetPassword,
  type ShownMail,
} from '../../session/index.ts'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { useFormProblem } from '../../ui/use-form-problem.ts'
import { SignedOutFrame } from '../sign-in/signed-out-frame.tsx'
import { forgetMailToken, useMailToken } from './mail-token.ts'
import { useRecoveryText } from './messages.ts'
import { ByCode, Done, EmailAndCode, EmailInput, RecoveredPasswordFields, SignInLink } from './parts.tsx'

/** A forgotten password: asks for the mail, and sets a new one by its link or its code. */
export function ResetScreen() {
  const text = useRecoveryText()
  const token = useMailToken()
  const [email, setEmail] = useState<string>()
  const [isDone, setDone] = useState(false)
  return (
    <SignedOutFrame title={text('resetTitle')}>
      {isDone && token === undefined ? (
        <Done>{text('wasSet')}</Done>
      ) : token === undefined && email === undefined ? (
        <RequestForm onSent={setEmail} />
      ) : (
        <PasswordForm key={token} token={token} email={email ?? ''} onDone={() => setDone(true)} />
      )}
    </SignedOutFrame>
  )
}

function RequestForm({ onSent }: { readonly onSent: (email: string) => void }) {
  const text = useRecoveryText()
  const form = useForm({ initialValues: { email: '' } })
  const { problem, isBusy, attempt } = useFormProblem(form)
  const submit = ({ email }: typeof form.values) =>
    attempt(async () => {
      await requestReset(email)
      onSent(email)
    })
  return (
    <form onSubmit={form.onSubmit(values => void submit(values))}>
      <Stack gap="sm">
        <Text size="sm" c="dimmed">
          {text('resetLead')}
        </Text>
        <ProblemNote problem={problem} />
        <EmailInput form={form} label={text('email')} autoFocus />
        <Button type="submit" loading={isBusy} mt={4}>
          {text('send')}
        </Button>
        <Button variant="subtle" size="compact-sm" onClick={() => onSent(form.values.email)}>
          {text('haveCode')}
        </Button>
        <SignInLink>{text('signIn')}</SignInLink>
      </Stack>
    </form>
  )
}

interface PasswordFormProps {
  readonly token: string | undefined
  readonly email: string
  readonly onDone: () => void
}

/** The six digits of an app, or a recovery code. */
const factorOf = (typed: string) =>
  typed === '' ? {} : /^\d{6}$/.test(typed.trim()) ? { totp: typed.trim() } : { recovery: typed }

function PasswordForm({ token, email, onDone }: PasswordFormProps) {
  const text = useRecoveryText()
  const [needsFactor, setNeedsFactor] = useState(false)
  const [hasPasskey, setHasPasskey] = useState(false)
  const form = useForm({ initialValues: { email, code: '', password: '', password2: '', factor: '' } })
  const { problem, isBusy, attempt, show } = useFormProblem(form)

  const press = (act: (shown: ShownMail) => Promise<void>) => {
    const { email, code } = form.values
    const shown = token === undefined ? { email, code } : { token }
    const reset = async () => {
      await act(shown)
      forgetMailToken()
      onDone()
    }
    return attempt(reset, async error => {
      if (error instanceof ProblemError && error.code === 'insufficient_user_authentication') {
        setNeedsFactor(true)
        setHasPasskey(canUsePasskeys() && (await hasResetPasskey(shown).catch(() => false)))
      } else if (!isDismissed(error)) show(error)
    })
  }
  const submit = ({ password, password2, factor }: typeof form.values) =>
    press(shown => resetPassword({ ...shown, password, password2, ...factorOf(factor) }))
  const byPasskey = () => {
    const { password, password2 } = form.values
    return press(shown => resetByPasskey(shown, { password, password2 }))
  }

  return (
    <form onSubmit={form.onSubmit(values => void submit(values))}>
      <Stack gap="sm">
        {token === undefined && <Text size="sm">{text('checkMail')}</Text>}
        <ProblemNote problem={problem} />
        {token === undefined && <EmailAndCode form={form} />}
        <RecoveredPasswordFields form={form} />
        {needsFactor && (
          <>
            <Alert role="status" variant="light">
              {text('factor')}
            </Alert>
            {hasPasskey && (
              <Button variant="default" disabled={isBusy} onClick={() => void byPasskey()}>
                {text('usePasskey')}
              </Button>
            )}
            <TextInput
              {...form.getInputProps('factor')}
              label={text('factorCode')}
              autoComplete="one-time-code"
              required
              withAsterisk={false}
              autoFocus
            />
          </>
        )}
        <Button type="submit" loading={isBusy} mt={4}>
          {text('set')}
        </Button>
        {token !== undefined && <ByCode />}
      </Stack>
    </form>
  )
}
