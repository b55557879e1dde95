import { Button, PasswordInput, Stack, Text } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { activate } from '../../session/index.ts'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { useFormProblem } from '../../ui/use-form-problem.ts'
import { SignedOutFrame } from '../sign-in/signed-out-frame.tsx'
import { forgetMailToken, useMailToken } from './mail-token.ts'
import { useRecoveryText } from './messages.ts'
import { ByCode, Done, EmailAndCode, RecoveredPasswordFields } from './parts.tsx'

/**
 * Makes the account of a registration by the link or the code of its mail. INVARIANT: the person who reads the mail shows the password of the
 * registration, or chooses one: it may be another person who registered with this address (ADR 45).
 */
export function ActivateScreen() {
  const text = useRecoveryText()
  const { email } = useSearch({ from: '/account/activate' })
  const token = useMailToken()
  const [isDone, setDone] = useState(false)
  const [choosesNew, setChoosesNew] = useState(false)
  const form = useForm({ initialValues: { email: email ?? '', code: '', password: '', password2: '' } })
  const { problem, isBusy, attempt, clear } = useFormProblem(form)

  const press = ({ email, code, password, password2 }: typeof form.values) =>
    attempt(async () => {
      const shown = token === undefined ? { email, code } : { token }
      await activate({ ...shown, password, ...(choosesNew && { password2 }) })
      forgetMailToken()
      setDone(true)
    })
  const change = () => {
    clear()
    form.setValues({ password: '', password2: '' })
    setChoosesNew(!choosesNew)
  }

  if (isDone && token === undefined) {
    return (
      <SignedOutFrame title={text('activateTitle')}>
        <Done>{text('activated')}</Done>
      </SignedOutFrame>
    )
  }
  return (
    <SignedOutFrame title={text('activateTitle')}>
      <form onSubmit={form.onSubmit(values => void press(values))}>
        <Stack gap="sm">
          <Text size="sm">{text(token === undefined ? 'activateByCode' : 'activateLead')}</Text>
          <ProblemNote problem={problem} />
          {token === undefined && <EmailAndCode form={form} />}
          {choosesNew ? (
            <RecoveredPasswordFields form={form} />
          ) : (
            <PasswordInput
              {...form.getInputProps('password')}
              label={text('registered')}
              description={text('registeredHint')}
              autoComplete="current-password"
              required
              withAsterisk={false}
            />
          )}
          <Button type="submit" loading={isBusy} mt={4}>
            {text('activate')}
          </Button>
          <Button variant="subtle" size="compact-sm" onClick={change}>
            {text(choosesNew ? 'useRegistered' : 'chooseNew')}
          </Button>
          {token !== undefined && <ByCode />}
        </Stack>
      </form>
    </SignedOutFrame>
  )
}
