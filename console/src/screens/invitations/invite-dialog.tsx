import { Alert, Button, Select, Stack } from '@mantine/core'
import { useForm } from '@mantine/form'
import { type Invitation, ProblemError, type SentInvitation } from '@propusk/client'
import { useState } from 'react'
import { localeNames, locales } from '../../i18n/index.ts'
import { api, useMay } from '../../session/index.ts'
import {
  FormButtons,
  FormModal,
  ProblemNote,
  toAccountTexts,
  useFormProblem,
  useKept,
} from '../../ui/index.ts'
import { RolesInput } from '../users/create/roles-input.tsx'
import { ProfileFields } from '../users/profile-fields.tsx'
import { useInvitationsText } from './messages.ts'

interface InviteDialogProps {
  onSent(sent: SentInvitation): void
  /** There is one that waits for this address already. */
  onResend(invitation: Invitation): void
  onClose(): void
}

const emptyInvitation = { ...toAccountTexts({}), roles: [] as string[], locale: null as 'en' | 'ru' | null }

/** Whom to invite, with which roles. Names are of help to the person, who may change them. */
export function InviteDialog({ onSent, onResend, onClose }: InviteDialogProps) {
  const text = useInvitationsText()
  const may = useMay()
  const [isBusy, setBusy] = useState(false)
  const [waiting, setWaiting] = useState<Invitation>()
  const form = useForm({ initialValues: emptyInvitation, onValuesChange: () => setWaiting(undefined) })
  const { problem, show, clear } = useFormProblem(form)
  useKept('new-invitation', form)

  const submit = async ({ email, roles, locale, ...names }: typeof emptyInvitation) => {
    clear()
    setBusy(true)
    try {
      const own = Object.fromEntries(Object.entries(names).filter(([, value]) => value !== ''))
      onSent(await api.call('invite', { body: { email, ...own, roles, locale } }))
    } catch (error) {
      show(error)
      setBusy(false)
      if (error instanceof ProblemError && error.code === 'conflict') setWaiting(await findWaiting(email))
    }
  }

  return (
    <FormModal
      isChanged={form.isDirty()}
      isBusy={isBusy}
      onClose={onClose}
      size={520}
      title={text('inviteTitle')}
    >
      <form onSubmit={form.onSubmit(values => void submit(values))}>
        <Stack gap="sm">
          <ProblemNote problem={problem} />
          <ProfileFields inputOf={form.getInputProps} />
          {waiting !== undefined && (
            <Alert role="status" variant="light" title={text('waiting')}>
              <Button size="compact-sm" variant="default" onClick={() => onResend(waiting)}>
                {text('resendThat')}
              </Button>
            </Alert>
          )}
          {may('roles', 'read') && (
            <RolesInput input={form.getInputProps('roles')} value={form.values.roles} />
          )}
          <Select
            {...form.getInputProps('locale')}
            label={text('locale')}
            placeholder={text('localeOfServer')}
            clearable
            data={locales.map(value => ({ value, label: localeNames[value] }))}
          />
          <FormButtons submitText={text('submit')} isBusy={isBusy} onCancel={onClose} />
        </Stack>
      </form>
    </FormModal>
  )
}

/** The invitation that keeps another from being sent; undefined where it is an account that does. */
async function findWaiting(email: string): Promise<Invitation | undefined> {
  const search = email.trim().toLowerCase()
  const found = await api
    .call('listInvitations', { query: { state: 'pending', search } })
    .catch(() => undefined)
  return found?.results.find(invitation => invitation.email === search)
}
