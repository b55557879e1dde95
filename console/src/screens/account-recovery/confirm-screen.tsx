import { Button, Stack, Text } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { type ShownMail, undoEmailChange, verifyEmail } from '../../session/index.ts'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { useFormProblem } from '../../ui/use-form-problem.ts'
import { SignedOutFrame } from '../sign-in/signed-out-frame.tsx'
import { forgetMailToken, useMailToken } from './mail-token.ts'
import { useRecoveryText } from './messages.ts'
import { ByCode, Done, EmailAndCode } from './parts.tsx'

/** Confirms an address by the link or the code of a mail. */
export function ConfirmScreen() {
  const text = useRecoveryText()
  const { email } = useSearch({ from: '/account/confirm' })
  const words = { title: text('confirmTitle'), lead: text('confirmLead'), submit: text('confirm') }
  return <ProofScreen {...words} done={text('confirmed')} email={email ?? ''} onShow={verifyEmail} />
}

/** Takes back a change of address by the mail that the old one got. */
export function UndoScreen() {
  const text = useRecoveryText()
  const words = { title: text('undoTitle'), lead: text('undoLead'), submit: text('undo') }
  return <ProofScreen {...words} done={text('undone')} onShow={undoEmailChange} />
}

interface ProofScreenProps {
  readonly title: string
  readonly lead: string
  readonly submit: string
  readonly done: string
  /** The address of the form; without one the page takes the link alone. */
  readonly email?: string
  readonly onShow: (shown: ShownMail) => Promise<void>
}

/** INVARIANT: nothing is sent before a person presses the button: a scanner of mails that opens the page changes nothing. */
function ProofScreen({ title, lead, submit, done, email, onShow }: ProofScreenProps) {
  const text = useRecoveryText()
  const token = useMailToken()
  const [isDone, setDone] = useState(false)
  const form = useForm({ initialValues: { email: email ?? '', code: '' } })
  const { problem, isBusy, attempt } = useFormProblem(form)

  const press = (values: typeof form.values) =>
    attempt(async () => {
      await onShow(token === undefined ? values : { token })
      forgetMailToken()
      setDone(true)
    })

  if (isDone && token === undefined) {
    return (
      <SignedOutFrame title={title}>
        <Done>{done}</Done>
      </SignedOutFrame>
    )
  }
  const takesCode = token === undefined && email !== undefined
  return (
    <SignedOutFrame title={title}>
      <form onSubmit={form.onSubmit(values => void press(values))}>
        <Stack gap="sm">
          <Text size="sm">{token === undefined && !takesCode ? text('noLink') : lead}</Text>
          <ProblemNote problem={problem} />
          {takesCode && <EmailAndCode form={form} />}
          {(token !== undefined || takesCode) && (
            <Button type="submit" loading={isBusy} mt={4}>
              {submit}
            </Button>
          )}
          {token !== undefined && email !== undefined && <ByCode />}
        </Stack>
      </form>
    </SignedOutFrame>
  )
}
