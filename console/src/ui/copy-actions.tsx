import { Button, Group } from '@mantine/core'
import { useClipboard } from '@mantine/hooks'
import { Check, Copy } from 'lucide-react'
import { useEffect, useEffectEvent } from 'react'
import { useCommonText } from './messages.ts'
import { notifyDone } from './notify.tsx'
import { useFirstFocus } from './use-first-focus.ts'

interface CopyActionsProps {
  /** SECRET: shown only now. */
  readonly value: string
  readonly copyLabel: string
  readonly doneLabel: string
  /** Whether that it was copied is enough to be done. */
  readonly isDoneByCopy?: boolean
  onDone(): void
}

/** The end of a dialog that shows a secret once: to copy it, which has the focus, and to say that it is kept. */
export function CopyActions({ value, copyLabel, doneLabel, isDoneByCopy = false, onDone }: CopyActionsProps) {
  const common = useCommonText()
  const copyButton = useFirstFocus<HTMLButtonElement>()
  // Where the browser refuses to copy, `copied` stays false, and what is shown stays to be copied by hand.
  const { copied, copy } = useClipboard({ timeout: 3000 })
  const finish = useEffectEvent(() => {
    if (!isDoneByCopy) return
    notifyDone(common('copied'))
    onDone()
  })
  useEffect(() => {
    if (copied) finish()
  }, [copied])
  return (
    <Group justify="flex-end" gap="xs">
      <Button variant="default" onClick={onDone}>
        {doneLabel}
      </Button>
      <Button
        ref={copyButton}
        data-autofocus
        onClick={() => copy(value)}
        // What has a role of its own inside a button gives it no name.
        aria-label={copied ? common('copied') : copyLabel}
        leftSection={copied ? <Check size={16} aria-hidden /> : <Copy size={16} aria-hidden />}
      >
        <span role="status">{copied ? common('copied') : copyLabel}</span>
      </Button>
    </Group>
  )
}
