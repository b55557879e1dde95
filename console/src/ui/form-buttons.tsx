import { Button, Group } from '@mantine/core'
import { useCommonText } from './messages.ts'

interface FormButtonsProps {
  readonly submitText: string
  readonly isBusy: boolean
  /** Whether what is asked for can be sent as it stands. */
  readonly canSubmit?: boolean
  onCancel(): void
}

/** The end of a form in a dialog. Neither button can be pressed while it is being sent. */
export function FormButtons({ submitText, isBusy, canSubmit = true, onCancel }: FormButtonsProps) {
  const common = useCommonText()
  return (
    <Group justify="flex-end" gap="xs" mt={4}>
      <Button variant="default" onClick={onCancel} disabled={isBusy}>
        {common('cancel')}
      </Button>
      <Button type="submit" disabled={!canSubmit} loading={isBusy}>
        {submitText}
      </Button>
    </Group>
  )
}
