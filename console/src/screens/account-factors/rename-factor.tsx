import { Button, Group, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import type { Factor } from '@propusk/client'
import { useQueryClient } from '@tanstack/react-query'
import { api } from '../../session/index.ts'
import { FormModal, ProblemNote, useCommonText, useFormProblem } from '../../ui/index.ts'
import { useFactorsText } from './messages.ts'

interface RenameFactorProps {
  readonly factor: Factor
  onClose(): void
}

export function RenameFactor({ factor, onClose }: RenameFactorProps) {
  const text = useFactorsText()
  const common = useCommonText()
  const queries = useQueryClient()
  const form = useForm({ initialValues: { name: factor.name } })
  const { problem, isBusy, attempt } = useFormProblem(form)
  const submit = (body: typeof form.values) =>
    attempt(async () => {
      await api.call('renameOwnFactor', { params: { id: factor.id }, body })
      await queries.invalidateQueries({ queryKey: ['factors'] })
      onClose()
    })
  return (
    <FormModal
      title={text('renameTitle', { name: factor.name })}
      isChanged={form.isDirty()}
      isBusy={isBusy}
      onClose={onClose}
    >
      <form onSubmit={form.onSubmit(values => void submit(values))}>
        <Stack gap="sm">
          <ProblemNote problem={problem} />
          <TextInput
            {...form.getInputProps('name')}
            label={text('name')}
            maxLength={100}
            required
            withAsterisk={false}
            data-autofocus
          />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose} disabled={isBusy}>
              {common('cancel')}
            </Button>
            <Button type="submit" loading={isBusy}>
              {text('save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </FormModal>
  )
}
