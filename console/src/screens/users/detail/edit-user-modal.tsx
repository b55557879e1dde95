import { Stack } from '@mantine/core'
import { useForm } from '@mantine/form'
import type { User, UserChange } from '@propusk/client'
import { useState } from 'react'
import { readUser, type WithVersion } from '../../../session/index.ts'
import {
  type AccountTexts,
  accountFields,
  FormButtons,
  FormModal,
  nameOf,
  notifyDone,
  OutdatedNote,
  ProblemNote,
  toAccountTexts,
  useCommonText,
  useEditedRow,
  useFormProblem,
  useKept,
} from '../../../ui/index.ts'
import { ProfileFields } from '../profile-fields.tsx'
import { useUserText } from './messages.ts'
import { useChangeUser } from './use-user.ts'

/** Only what differs is sent. */
function differences(before: AccountTexts, after: AccountTexts): UserChange {
  const changed = accountFields.filter(field => after[field].trim() !== before[field])
  return {
    ...(after.email.trim() !== before.email && { email: after.email }),
    ...Object.fromEntries(changed.map(field => [field, after[field].trim() || null])),
  }
}

interface EditUserModalProps {
  readonly user: WithVersion<User>
  onClose(): void
}

export function EditUserModal({ user, onClose }: EditUserModalProps) {
  const text = useUserText()
  const common = useCommonText()
  const change = useChangeUser(user.id)
  const [isBusy, setBusy] = useState(false)
  const form = useForm({ initialValues: toAccountTexts(user) })
  const { problem, show, clear } = useFormProblem(form)
  useKept('edit-user', form)
  const edited = useEditedRow({ form, row: user, valuesOf: toAccountTexts, read: () => readUser(user.id) })

  const submit = async (values: AccountTexts) => {
    const old = edited.base
    const changes = differences(toAccountTexts(old), values)
    if (Object.keys(changes).length === 0) {
      onClose()
      return
    }
    clear()
    setBusy(true)
    try {
      const changed = await change(changes, old.etag)
      const before = Object.fromEntries(
        Object.keys(changes).map(field => [field, old[field as keyof AccountTexts]]),
      )
      notifyDone(text('changed', { name: nameOf(changed) }), { undo: () => change(before, changed.etag) })
      onClose()
    } catch (error) {
      if (!edited.takeOutdated(error)) show(error)
      setBusy(false)
    }
  }

  return (
    <FormModal
      isChanged={form.isDirty()}
      isBusy={isBusy}
      onClose={onClose}
      title={text('edit_title', { name: nameOf(user) })}
    >
      <form onSubmit={form.onSubmit(values => void submit(values))}>
        <Stack gap="sm">
          <ProblemNote problem={problem} />
          {edited.outdated && <OutdatedNote onLoadAnew={edited.loadAnew} />}
          <ProfileFields inputOf={form.getInputProps} />
          <FormButtons submitText={common('save')} isBusy={isBusy} onCancel={onClose} />
        </Stack>
      </form>
    </FormModal>
  )
}
