import { Button, Group, Modal, Select, Stack, Tooltip } from '@mantine/core'
import { useForm } from '@mantine/form'
import type { ApiKey, ApiKeyWithSecret } from '@propusk/client'
import { useId, useState } from 'react'
import { useRefresh } from '../../access/index.ts'
import { useFormat } from '../../i18n/index.ts'
import { api, useProfile } from '../../session/index.ts'
import { ProblemNote, useCommonText, useFormProblem } from '../../ui/index.ts'
import { useApiKeysText, useKeyFormText } from './messages.ts'
import { ShownKey } from './shown-key.tsx'

interface RotateKeyProps {
  readonly apiKey: ApiKey
  /** The name of its owner. */
  readonly owner: string
}

/** Opens the rotation; for others than the owner, says why it does not. */
export function RotateButton({ apiKey, owner }: RotateKeyProps) {
  const text = useApiKeysText()
  const viewer = useProfile()
  const reasonId = useId()
  const [isOpen, setOpen] = useState(false)
  const isOwner = apiKey.owner_id === viewer.id
  const reason = text('rotateOwnerOnly', { owner })
  if (isOwner) {
    return (
      <>
        <Button variant="default" size="xs" onClick={() => setOpen(true)}>
          {text('rotate')}
        </Button>
        {isOpen && <RotateKey apiKey={apiKey} onClose={() => setOpen(false)} />}
      </>
    )
  }
  // Not `disabled`: it keeps the focus, so that the reason is shown and read out.
  return (
    <>
      <Tooltip label={reason} multiline w={280} events={{ hover: true, focus: true, touch: true }}>
        <Button variant="default" size="xs" data-disabled aria-disabled aria-describedby={reasonId}>
          {text('rotate')}
        </Button>
      </Tooltip>
      <span id={reasonId} hidden>
        {reason}
      </span>
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
  const common = useCommonText()
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
        <Group justify="flex-end" gap="xs" mt={4}>
          <Button variant="default" onClick={onClose} disabled={isBusy}>
            {common('cancel')}
          </Button>
          <Button type="submit" loading={isBusy}>
            {text('rotateVerb')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
