import { Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import type { ApiKey, ApiKeyPatch } from '@propusk/client'
import { useState } from 'react'
import { useRefresh } from '../../access/index.ts'
import { api, type WithVersion, withVersion } from '../../session/index.ts'
import {
  FormButtons,
  FormModal,
  notifyDone,
  OutdatedNote,
  ProblemNote,
  useCommonText,
  useEditedRow,
  useFormProblem,
  useKept,
} from '../../ui/index.ts'
import { EndInput } from './end-input.tsx'
import { useApiKeysText, useKeyFormText } from './messages.ts'
import { readKey } from './use-key.ts'

interface EditKeyProps {
  readonly apiKey: WithVersion<ApiKey>
  onClose(): void
}

const toFields = ({ name, expires_at }: ApiKey) => ({ name, expires_at: expires_at ?? '' })

type Fields = ReturnType<typeof toFields>

/** What differs from `before`, as the API takes it. */
const changesOf = (before: Fields, after: Fields): ApiKeyPatch => ({
  ...(after.name !== before.name && { name: after.name }),
  ...(after.expires_at !== before.expires_at && { expires_at: after.expires_at || null }),
})

/** Renames a key, or moves its end. */
export function EditKey({ apiKey, onClose }: EditKeyProps) {
  const text = useApiKeysText()
  const words = useKeyFormText()
  const common = useCommonText()
  const change = useChangeKey(apiKey.id)
  const [isBusy, setBusy] = useState(false)
  const form = useForm({
    initialValues: toFields(apiKey),
    validate: { name: value => (value.trim() === '' ? words('nameMissing') : null) },
  })
  const { problem, show, clear } = useFormProblem(form)
  useKept('edit-key', form)
  const edited = useEditedRow({ form, row: apiKey, valuesOf: toFields, read: () => readKey(apiKey.id) })
  const current = toFields(edited.base)

  const submit = async (values: Fields) => {
    clear()
    setBusy(true)
    try {
      const typed = { ...values, name: values.name.trim() }
      const after = changesOf(current, typed)
      if (Object.keys(after).length > 0) {
        const { name, etag } = await change(after, edited.base.etag)
        notifyDone(text('changed', { name }), { undo: () => change(changesOf(typed, current), etag) })
      }
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
      title={text('editTitle', { name: apiKey.name })}
    >
      <form onSubmit={form.onSubmit(values => void submit(values))} noValidate>
        <Stack gap="sm">
          <ProblemNote problem={problem} />
          {edited.outdated && <OutdatedNote onLoadAnew={edited.loadAnew} />}
          <TextInput
            {...form.getInputProps('name')}
            label={words('name')}
            description={words('nameHint')}
            maxLength={100}
            required
            withAsterisk={false}
            data-autofocus
          />
          <EndInput
            value={form.values.expires_at}
            current={current.expires_at}
            error={form.errors.expires_at}
            onChange={value => form.setFieldValue('expires_at', value)}
          />
          <FormButtons submitText={common('save')} isBusy={isBusy} onCancel={onClose} />
        </Stack>
      </form>
    </FormModal>
  )
}

/** Reads the key again whatever comes of it: a refused change was made to what is no longer so. */
function useChangeKey(id: number) {
  const refresh = useRefresh()
  return (body: ApiKeyPatch, ifMatch: string | undefined) =>
    withVersion(api.callVersioned('changeApiKey', { params: { id }, body, ifMatch })).finally(
      () => void refresh('api_keys', 'audit'),
    )
}
