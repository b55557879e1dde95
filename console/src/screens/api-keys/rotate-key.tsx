import { Button, Modal, Select, Stack } from '@mantine/core'
import { useForm } from '@mantine/form'
import type { ApiKey, ApiKeyWithSecret } from '@propusk/client'
import { useState } from 'react'
import { useRefresh } from '../../access/index.ts'
import { useFormat } from '../../i18n/index.ts'
import { api } from '../../session/index.ts'
import { FormButtons, ProblemNote, useCommonText, useFormProblem } from '../../ui/index.ts'
import { useApiKeysText, useKeyFormText } from './messages.ts'
import { ShownKey } from './shown-key.tsx'

interface RotateButtonProps {
  readonly apiKey: ApiKey
  /** The id of the sentence that says why it is disabled; undefined where it is not. */
  readonly reasonId: string | undefined
}

/** Opens the rotation. Disabled it keeps the focus, so that the reason is read out. */
export function RotateButton({ apiKey, reasonId }: RotateButtonProps) {
  const text = useApiKeysText()
  const [isOpen, setOpen] = useState(false)
  if (reasonId !== undefined) {
    return (
      <Button variant="default" size="xs" data-disabled aria-disabled aria-describedby={reasonId}>
        {text('rotate')}
      </Button>
    )
  }
  return (
    <>
      <Button variant="default" size="xs" onClick={() => setOpen(true)}>
        {text('rotate')}
      </Button>
      {isOpen && <RotateKey apiKey={apiKey} onClose={() => setOpen(false)} />}
    </>
  )
}

interface Rotated {
  readonly key: ApiKeyWithSecret
  readonly oldEndsAtMs: number | undefined
}

function RotateKey({ apiKey, onClose }: { readonly apiKey: ApiKey; onClose(): void }) {
  const text = useApiKeysText()
  const words = useKeyFormText()
  const common = useCommonText()
  const format = useFormat()
  const [rotated, setRotated] = useState<Rotated>()
  const isShown = rotated !== undefined
  const oldEnd = rotated?.oldEndsAtMs
  const note =
    oldEnd === undefined ? text('overlapOver') : text('overlapUntil', { at: format.dateTime(oldEnd) })
  return (
    <Modal
      opened
      onClose={onClose}
      size={isShown ? 560 : 'md'}
      title={isShown ? words('rotatedTitle') : text('rotateTitle', { name: apiKey.name })}
      closeOnClickOutside={!isShown}
      closeOnEscape={!isShown}
      withCloseButton={!isShown}
      closeButtonProps={{ 'aria-label': common('close') }}
    >
      {isShown ? (
        <ShownKey made={rotated.key} note={note} onDone={onClose} />
      ) : (
        <RotateForm apiKey={apiKey} onRotated={setRotated} onClose={onClose} />
      )}
    </Modal>
  )
}

const overlaps = {
  '0s': ['overlapNone', 0],
  '1h': ['overlapHour', 3_600_000],
  '24h': ['overlapDay', 86_400_000],
  '7d': ['overlapWeek', 7 * 86_400_000],
} as const

type Overlap = keyof typeof overlaps

interface RotateFormProps {
  readonly apiKey: ApiKey
  onRotated(rotated: Rotated): void
  onClose(): void
}

function RotateForm({ apiKey, onRotated, onClose }: RotateFormProps) {
  const text = useApiKeysText()
  const refresh = useRefresh()
  const [isBusy, setBusy] = useState(false)
  const form = useForm({ initialValues: { overlap: '24h' as Overlap } })
  const { problem, show, clear } = useFormProblem(form)

  const submit = async ({ overlap }: { readonly overlap: Overlap }) => {
    clear()
    setBusy(true)
    try {
      const key = await api.call('rotateApiKey', { params: { id: apiKey.id }, body: { overlap } })
      const overlapMs = overlaps[overlap][1]
      void refresh('api_keys', 'audit')
      onRotated({ key, oldEndsAtMs: overlapMs === 0 ? undefined : Date.now() + overlapMs })
    } catch (error) {
      show(error)
      setBusy(false)
    }
  }

  return (
    <form onSubmit={form.onSubmit(values => void submit(values))}>
      <Stack gap="sm">
        <ProblemNote problem={problem} />
        <div>{text('rotateMeans')}</div>
        <Select
          {...form.getInputProps('overlap')}
          label={text('overlap')}
          description={text(form.values.overlap === '0s' ? 'overlapNoneHint' : 'overlapHint')}
          allowDeselect={false}
          data={Object.entries(overlaps).map(([value, [label]]) => ({ value, label: text(label) }))}
        />
        <FormButtons submitText={text('rotateVerb')} isBusy={isBusy} onCancel={onClose} />
      </Stack>
    </form>
  )
}
