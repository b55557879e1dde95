import { Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useState } from 'react'
import { api, reloadProfile, useProfile, useSignInOptions } from '../../session/index.ts'
import { notifyDone, Page, ProblemNote, useFormProblem } from '../../ui/index.ts'
import classes from '../account/account.module.css'
import { forgetMailToken, useMailToken } from './mail-token.ts'
import { useRecoveryText } from './messages.ts'
import { CodeInput } from './parts.tsx'

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
  const { problem, show, clear } = useFormProblem(form)
  const send = async () => {
    clear()
    try {
      await api.call('requestEmailVerification')
      notifyDone(text('sent'))
    } catch (error) {
      show(error)
    }
  }
  return (
    <>
      <ProblemNote problem={problem} />
      <Group gap="sm">
        <Text size="sm">{text('notProved')}</Text>
        <Button variant="default" size="xs" onClick={() => void send()}>
          {text('sendAgain')}
        </Button>
      </Group>
    </>
  )
}

function RequestForm({ onSent }: { readonly onSent: (email: string) => void }) {
  const text = useRecoveryText()
  const [isBusy, setBusy] = useState(false)
  const form = useForm({ initialValues: { email: '' } })
  const { problem, show, clear } = useFormProblem(form)
  const submit = async (values: typeof form.values) => {
    clear()
    setBusy(true)
    try {
      await api.call('requestEmailChange', { body: values })
      onSent(values.email)
    } catch (error) {
      show(error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <form onSubmit={form.onSubmit(values => void submit(values))}>
      <Stack gap="sm">
        <ProblemNote problem={problem} />
        <TextInput
          {...form.getInputProps('email')}
          label={text('newEmail')}
          type="email"
          autoComplete="email"
          required
          withAsterisk={false}
        />
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
  const [isBusy, setBusy] = useState(false)
  const form = useForm({ initialValues: { code: '' } })
  const { problem, show, clear } = useFormProblem(form)
  const submit = async ({ code }: typeof form.values) => {
    clear()
    setBusy(true)
    try {
      await api.call('confirmEmailChange', { body: token === undefined ? { email, code } : { token } })
      await onDone()
    } catch (error) {
      show(error)
    } finally {
      setBusy(false)
    }
  }
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
