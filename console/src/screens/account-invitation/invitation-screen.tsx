import { Alert, Button, Loader, Stack, Text } from '@mantine/core'
import { useForm } from '@mantine/form'
import { type InvitationToRead, ProblemError } from '@propusk/client'
import { Info } from 'lucide-react'
import { useEffect, useState } from 'react'
import { readInvitation, type ShownMail } from '../../session/index.ts'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { useFormProblem } from '../../ui/use-form-problem.ts'
import { useMailToken } from '../account-recovery/mail-token.ts'
import { useRecoveryText } from '../account-recovery/messages.ts'
import { ByCode, EmailAndCode, SignInLink } from '../account-recovery/parts.tsx'
import { SignedOutFrame } from '../sign-in/signed-out-frame.tsx'
import { AcceptForm } from './accept-form.tsx'
import { useInvitationText } from './messages.ts'

/**
 * An invitation, by the link or the code of its mail. INVARIANT: opening the page reads and changes nothing; an account is there
 * when a person has pressed the button, and not before.
 */
export function InvitationScreen() {
  const text = useInvitationText()
  const token = useMailToken()
  return (
    <SignedOutFrame title={text('title')}>
      {token === undefined ? <TypedCode /> : <ByLink key={token} token={token} />}
    </SignedOutFrame>
  )
}

interface Read {
  readonly shown: ShownMail
  readonly invitation: InvitationToRead
}

function ByLink({ token }: { readonly token: string }) {
  const text = useInvitationText()
  const recovery = useRecoveryText()
  const [read, setRead] = useState<Read>()
  const [problem, setProblem] = useState<unknown>()
  useEffect(() => {
    const shown = { token }
    readInvitation(shown).then(invitation => setRead({ shown, invitation }), setProblem)
  }, [token])
  if (read !== undefined) return <ReadInvitation {...read} />
  if (problem === undefined) return <Loader size="sm" mx="auto" />
  return (
    <Stack gap="sm">
      <ProblemNote problem={problem} />
      {problem instanceof ProblemError && problem.status === 400 && <Text size="sm">{text('useless')}</Text>}
      <ByCode />
      <SignInLink>{recovery('signIn')}</SignInLink>
    </Stack>
  )
}

function TypedCode() {
  const text = useInvitationText()
  const recovery = useRecoveryText()
  const [read, setRead] = useState<Read>()
  const form = useForm({ initialValues: { email: '', code: '' } })
  const { problem, isBusy, attempt } = useFormProblem(form)
  const submit = (shown: typeof form.values) =>
    attempt(async () => {
      setRead({ shown, invitation: await readInvitation(shown) })
    })
  if (read !== undefined) return <ReadInvitation {...read} />
  return (
    <form onSubmit={form.onSubmit(values => void submit(values))}>
      <Stack gap="sm">
        <Text size="sm" c="dimmed">
          {text('lead')}
        </Text>
        <ProblemNote problem={problem} />
        <EmailAndCode form={form} />
        <Button type="submit" loading={isBusy} mt={4}>
          {text('show')}
        </Button>
        <SignInLink>{recovery('signIn')}</SignInLink>
      </Stack>
    </form>
  )
}

function ReadInvitation({ shown, invitation }: Read) {
  const text = useInvitationText()
  const recovery = useRecoveryText()
  const [isDone, setDone] = useState(false)
  if (!invitation.has_account && !isDone)
    return <AcceptForm shown={shown} invitation={invitation} onDone={() => setDone(true)} />
  const { email } = invitation
  return (
    <Stack gap="sm">
      <Alert role="status" variant="light" icon={<Info size={16} aria-hidden />}>
        {isDone ? text('done') : text('hasAccount', { email })}
      </Alert>
      <SignInLink>{recovery('signIn')}</SignInLink>
    </Stack>
  )
}
