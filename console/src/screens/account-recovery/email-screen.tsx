import { Button, Group, Stack, Text } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useState } from 'react'
import { api, reloadProfile, useProfile, useSignInOptions } from '../../session/index.ts'
import { notifyDone, Page, ProblemNote, useFormProblem } from '../../ui/index.ts'
import classes from '../account/account.module.css'
import { forgetMailToken, useMailToken } from './mail-token.ts'
import { useRecoveryText } from './messages.ts'
import { CodeInput, EmailInput } from './parts.tsx'

/** The own address: whether it is confirmed, and another in its place. */
export function EmailScreen() {
  const text = useRecoveryText()
  const { email, email_verified } = useProfile()
  const token = useMailToken()
  const options = useSignInOptions()
  const [sentTo, setSentTo] = useState<string>()
  const finish = async () => {
    forgetMailToken()
    setSentTo(undefined)
    await reloadProfile()
    notifyDone(text('changed'))
  }
  return (
    <Page
      title={text('changeTitle')}
      lead={text(options?.mail === false ? 'noMail' : 'changeLead', { email })}
    >
      {options?.mail !== false && (
        <Stack gap="md" className={classes.form}>
          {!email_verified && <NotProved />}
          {token !== undefined || sentTo !== undefined ? (
            <ConfirmForm token={token} email={sentTo ?? ''} onDone={finish} />
          ) : (
            <RequestForm onSent={setSentTo} />
          )}
        </Stack>
      )}
    </Page>
  )
}

function NotProved() {
  const text = useRecoveryText()
  const form = useForm({ initialValues: {} })
  const { problem, isBusy, attempt } = useFormProblem(form)
  const send = () =>
    attempt(async () => {
      await api.call('requestEmailVerification')
      notifyDone(text('sent'))
    })
  return (
    <>
      <ProblemNote problem={problem} />
      <Group gap="sm">
        <Text size="sm">{text('notProved')}</Text>
        <Button variant="default" size="xs" loading={isBusy} onClick={() => void send()}>
          {text('sendAgain')}
        </Button>
      </Group>
    </>
  )
}

function RequestForm({ onSent }: { readonly onSent: (email: string) => void }) {
  const text = useRecoveryText()
  const form = useForm({ initialValues: { email: '' } })
  const { problem, isBusy, attempt } = useFormProblem(form)
  const submit = (values: typeof form.values) =>
    attempt(async () => {
      await api.call('requestEmailChange', { body: values })
      onSent(values.email)
    })
  return (
    <form onSubmit={form.onSubmit(values => void submit(values))}>
      <Stack gap="sm">
        <ProblemNote problem={problem} />
        <EmailInput form={form} label={text('newEmail')} autoComplete="email" />
        <Group justify="flex-end">
          <Button type="submit" loading={isBusy}>
            {text('send')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

interface ConfirmFormProps {
  readonly token: string | undefined
  readonly email: string
  readonly onDone: () => Promise<void>
}

function ConfirmForm({ token, email, onDone }: ConfirmFormProps) {
  const text = useRecoveryText()
  const form = useForm({ initialValues: { code: '' } })
  const { problem, isBusy, attempt } = useFormProblem(form)
  const submit = ({ code }: typeof form.values) =>
    attempt(async () => {
      await api.call('confirmEmailChange', { body: token === undefined ? { email, code } : { token } })
      await onDone()
    })
  return (
    <form onSubmit={form.onSubmit(values => void submit(values))}>
      <Stack gap="sm">
        <Text size="sm">{token === undefined ? text('changeSent', { email }) : text('changeByLink')}</Text>
        <ProblemNote problem={problem} />
        {token === undefined && <CodeInput form={form} />}
        <Group justify="flex-end">
          <Button type="submit" loading={isBusy}>
            {text('take')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
