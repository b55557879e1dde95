import { Button, Group, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import type { TotpSecret } from '@propusk/client'
import { useState } from 'react'
import { api } from '../../session/index.ts'
import { CopyText, FormModal, ProblemNote, useCommonText, useFormProblem } from '../../ui/index.ts'
import { useFactorsText } from './messages.ts'
import { QrCode } from './qr-code.tsx'

export interface EnrolProps {
  onDone(name: string, recoveryCodes: readonly string[]): void
  onClose(): void
}

/** Two steps: a name, then the QR code with the first code of the app. */
export function EnrolTotp({ onDone, onClose }: EnrolProps) {
  const text = useFactorsText()
  const common = useCommonText()
  const [secret, setSecret] = useState<TotpSecret>()
  const form = useForm({ initialValues: { name: text('namePhone'), code: '' } })
  const { problem, isBusy, attempt } = useFormProblem(form)

  const submit = ({ name, code }: typeof form.values) =>
    attempt(async () => {
      if (secret === undefined) {
        setSecret(await api.call('enrolTotp', { body: { name } }))
        return
      }
      const { recovery_codes } = await api.call('confirmTotp', { body: { id: secret.id, code: code.trim() } })
      onDone(name, recovery_codes)
    })

  return (
    <FormModal title={text('addApp')} isChanged={secret !== undefined} isBusy={isBusy} onClose={onClose}>
      <form onSubmit={form.onSubmit(values => void submit(values))}>
        <Stack gap="sm">
          <ProblemNote problem={problem} />
          {secret === undefined ? (
            <TextInput
              {...form.getInputProps('name')}
              label={text('name')}
              description={text('nameHint')}
              maxLength={100}
              required
              withAsterisk={false}
              data-autofocus
            />
          ) : (
            <>
              <div>{text('scan')}</div>
              <Group justify="center">
                <QrCode value={secret.uri} label={text('qr')} />
              </Group>
              <div>
                {text('orType')} <CopyText value={secret.secret} />
              </div>
              <TextInput
                {...form.getInputProps('code')}
                key="code"
                label={text('code')}
                autoComplete="one-time-code"
                inputMode="numeric"
                maxLength={6}
                required
                withAsterisk={false}
                autoFocus
              />
            </>
          )}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose} disabled={isBusy}>
              {common('cancel')}
            </Button>
            <Button type="submit" loading={isBusy}>
              {text(secret === undefined ? 'begin' : 'turnOn')}
            </Button>
          </Group>
        </Stack>
      </form>
    </FormModal>
  )
}
