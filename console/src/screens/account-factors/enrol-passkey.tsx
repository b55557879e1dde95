import { Button, Group, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { api, isDismissed, makePasskey } from '../../session/index.ts'
import { FormModal, ProblemNote, useCommonText, useFormProblem } from '../../ui/index.ts'
import type { EnrolProps } from './enrol-totp.tsx'
import { useFactorsText } from './messages.ts'

/** A name, then the browser asks for the rest. */
export function EnrolPasskey({ onDone, onClose }: EnrolProps) {
  const text = useFactorsText()
  const common = useCommonText()
  const form = useForm({ initialValues: { name: text('nameDevice') } })
  const { problem, isBusy, attempt, show } = useFormProblem(form)

  const submit = ({ name }: typeof form.values) => {
    const enrol = async () => {
      const passkey = await makePasskey(await api.call('passkeyCreationOptions'))
      const { recovery_codes } = await api.call('enrolPasskey', { body: { name, passkey } })
      onDone(name, recovery_codes)
    }
    return attempt(enrol, error => isDismissed(error) || show(error))
  }

  return (
    <FormModal title={text('addPasskey')} isChanged={false} isBusy={isBusy} onClose={onClose}>
      <form onSubmit={form.onSubmit(values => void submit(values))}>
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
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose} disabled={isBusy}>
              {common('cancel')}
            </Button>
            <Button type="submit" loading={isBusy}>
              {text('begin')}
            </Button>
          </Group>
        </Stack>
      </form>
    </FormModal>
  )
}
