import { MultiSelect, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import type { ApiKeyWithSecret } from '@propusk/client'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useRefresh } from '../../access/index.ts'
import { api } from '../../session/index.ts'
import { FormButtons, FormModal, ProblemNote, useFormProblem, useKept } from '../../ui/index.ts'
import { defaultDays, EndInput, inDays } from './end-input.tsx'
import { useKeyFormText } from './messages.ts'
import { ShownKey } from './shown-key.tsx'
import { useGrantable } from './use-grantable.ts'

/** Makes a key of whoever is signed in, shows it this once, and then opens it. */
export function CreateKey({ onClose }: { onClose(): void }) {
  const text = useKeyFormText()
  const navigate = useNavigate()
  const [made, setMade] = useState<ApiKeyWithSecret>()
  const [isTouched, setTouched] = useState(false)
  const openMade = (id: number) =>
    void navigate({
      to: '/console/api-keys/$id',
      params: { id: String(id) },
      search: ({ create: _, ...old }) => old,
      ignoreBlocker: true,
    })
  return (
    <FormModal
      isChanged={isTouched}
      // A key that nobody has stored yet is not lost by a stray click.
      isBusy={made !== undefined}
      onClose={onClose}
      size={560}
      title={text(made === undefined ? 'newTitle' : 'createdTitle')}
      withCloseButton={made === undefined}
    >
      {made === undefined ? (
        <KeyForm onTouch={() => setTouched(true)} onMade={setMade} onClose={onClose} />
      ) : (
        <ShownKey made={made} onDone={() => openMade(made.id)} />
      )}
    </FormModal>
  )
}

interface KeyFormProps {
  onTouch(): void
  onMade(made: ApiKeyWithSecret): void
  onClose(): void
}

function KeyForm({ onTouch, onMade, onClose }: KeyFormProps) {
  const text = useKeyFormText()
  const refresh = useRefresh()
  const [isBusy, setBusy] = useState(false)
  const form = useForm({
    initialValues: {
      name: '',
      roles: [] as string[],
      permissions: [] as string[],
      expires_at: inDays(defaultDays),
    },
    onValuesChange: onTouch,
    validate: {
      name: value => (value.trim() === '' ? text('nameMissing') : null),
      permissions: (value, { roles }) => (value.length + roles.length === 0 ? text('grantsMissing') : null),
    },
  })
  const { problem, show, clear } = useFormProblem(form)
  useKept('new-key', form)

  const submit = async ({ expires_at, ...values }: typeof form.values) => {
    clear()
    setBusy(true)
    try {
      const made = await api.call('createApiKey', { body: { ...values, expires_at: expires_at || null } })
      void refresh('api_keys', 'audit')
      onMade(made)
    } catch (error) {
      show(error)
      setBusy(false)
    }
  }

  return (
    <form onSubmit={form.onSubmit(values => void submit(values))} noValidate>
      <Stack gap="sm">
        <ProblemNote problem={problem} />
        <TextInput
          {...form.getInputProps('name')}
          label={text('name')}
          description={text('nameHint')}
          maxLength={100}
          required
          withAsterisk={false}
          data-autofocus
        />
        <GrantInputs inputOf={form.getInputProps} />
        <EndInput
          value={form.values.expires_at}
          error={form.errors.expires_at}
          onChange={value => form.setFieldValue('expires_at', value)}
        />
        <FormButtons submitText={text('submit')} isBusy={isBusy} onCancel={onClose} />
      </Stack>
    </form>
  )
}

/** More are found by typing. */
const mostOptions = 100

interface GrantInputsProps {
  inputOf(field: 'roles' | 'permissions'): { readonly value?: readonly string[] }
}

function GrantInputs({ inputOf }: GrantInputsProps) {
  const text = useKeyFormText()
  const { roles, permissions } = useGrantable()
  const [ofRoles, ofPermissions] = [inputOf('roles'), inputOf('permissions')]
  const common = {
    searchable: true,
    hidePickedOptions: true,
    limit: mostOptions,
    maxDropdownHeight: 240,
    nothingFoundMessage: text('noMatch'),
  } as const
  const hintOf = (value: readonly string[] | undefined) => (value?.length ? '' : text('choose'))
  return (
    <>
      <MultiSelect
        {...common}
        {...(ofRoles as object)}
        label={text('roles')}
        description={text('rolesHint')}
        placeholder={hintOf(ofRoles.value)}
        data={[...roles]}
      />
      <MultiSelect
        {...common}
        {...(ofPermissions as object)}
        label={text('permissions')}
        description={text('permissionsHint')}
        placeholder={hintOf(ofPermissions.value)}
        data={[...permissions]}
      />
    </>
  )
}
