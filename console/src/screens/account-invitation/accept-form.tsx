import { Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import type { InvitationToRead } from '@propusk/client'
import { useRouter } from '@tanstack/react-router'
import { useFormat } from '../../i18n/index.ts'
import { acceptInvitation, basePath, type ShownMail, sessionState } from '../../session/index.ts'
import { ownFields, toAccountTexts, useAccountFieldText } from '../../ui/account-fields.ts'
import { AccountInput } from '../../ui/account-input.tsx'
import { NewPasswordFields } from '../../ui/new-password-fields.tsx'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { useFormProblem } from '../../ui/use-form-problem.ts'
import { forgetMailToken } from '../account-recovery/mail-token.ts'
import { destinationOf } from '../sign-in/destination.ts'
import { useInvitationText } from './messages.ts'

interface AcceptFormProps {
  readonly shown: ShownMail
  readonly invitation: InvitationToRead
  /** The account is there, and nobody is signed in. */
  onDone(): void
}

/** The names that the inviter gave may be changed; the address is the one that was invited. */
export function AcceptForm({ shown, invitation, onDone }: AcceptFormProps) {
  const text = useInvitationText()
  const format = useFormat()
  const router = useRouter()
  const form = useForm({
    // What the server says of the proof is said above the form.
    initialValues: { ...toAccountTexts(invitation), password: '', password2: '' },
  })
  const { problem, isBusy, attempt } = useFormProblem(form)

  const submit = ({ email: _, password, password2, ...names }: typeof form.values) =>
    attempt(async () => {
      const own = Object.fromEntries(ownFields.map(field => [field, names[field] || null]))
      const isIn = await acceptInvitation(shown, { password, password2, ...own })
      if (!isIn) onDone()
      else goOn()
      forgetMailToken()
    })
  const goOn = () => {
    const session = sessionState()
    const isStaff = session.status === 'in' && (session.profile.is_staff || session.profile.is_superuser)
    router.history.replace(basePath + destinationOf(undefined, isStaff))
  }

  const { email, invited_by: who, expires_at } = invitation
  return (
    <form onSubmit={form.onSubmit(values => void submit(values))}>
      <Stack gap="sm">
        <Text size="sm">{text('invited', { who, email })}</Text>
        <ProblemNote problem={problem} />
        <Fields form={form} />
        <Button type="submit" loading={isBusy} mt={4}>
          {text('accept')}
        </Button>
        <Text size="xs" c="dimmed">
          {text('until', { when: format.dateTime(expires_at) })} {text('noUse')}
        </Text>
      </Stack>
    </form>
  )
}

type Form = ReturnType<
  typeof useForm<ReturnType<typeof toAccountTexts> & { password: string; password2: string }>
>

type OwnField = (typeof ownFields)[number]

const pair: readonly OwnField[] = ['first_name', 'last_name']

function Fields({ form }: { readonly form: Form }) {
  const text = useInvitationText()
  const fieldText = useAccountFieldText()
  const inputs = (fields: readonly OwnField[]) =>
    fields.map(field => <AccountInput key={field} field={field} input={form.getInputProps(field)} isOwn />)
  return (
    <>
      {/* A password manager stores the password under this name. */}
      <TextInput
        {...form.getInputProps('email')}
        label={fieldText('email')}
        autoComplete="username"
        readOnly
        variant="filled"
      />
      <Group grow gap="sm" align="flex-start">
        {inputs(pair)}
      </Group>
      {inputs(ownFields.filter(field => !pair.includes(field)))}
      <NewPasswordFields form={form} label={text('password')} againLabel={text('again')} />
    </>
  )
}
