import { Button, CopyButton, Group } from '@mantine/core'
import { Check, Copy } from 'lucide-react'
import { useCommonText } from './messages.ts'
import { useFirstFocus } from './use-first-focus.ts'

interface CopyActionsProps {
  /** SECRET: shown only now. */
  readonly value: string
  readonly copyLabel: string
  readonly doneLabel: string
  onDone(): void
}

/** The end of a dialog that shows a secret once: to copy it, which has the focus, and to say that it is kept. */
export function CopyActions({ value, copyLabel, doneLabel, onDone }: CopyActionsProps) {
  const common = useCommonText()
  const copyButton = useFirstFocus<HTMLButtonElement>()
  return (
    <Group justify="flex-end" gap="xs">
      <Button variant="default" onClick={onDone}>
        {doneLabel}
      </Button>
      <CopyButton value={value} timeout={3000}>
        {({ copied, copy }) => (
          <Button
            ref={copyButton}
            data-autofocus
            onClick={copy}
            leftSection={copied ? <Check size={16} aria-hidden /> : <Copy size={16} aria-hidden />}
          >
            <span role="status">{copied ? common('copied') : copyLabel}</span>
          </Button>
        )}
      </CopyButton>
    </Group>
  )
}
