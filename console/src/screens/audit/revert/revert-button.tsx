import { Button } from '@mantine/core'
import type { AuditEvent } from '@propusk/client'
import { Undo2 } from 'lucide-react'
import { useState } from 'react'
import type { SentenceContext } from '../../../audit/index.ts'
import { useRevertText } from './messages.ts'
import { reversalOf } from './reversal.ts'
import { RevertDialog } from './revert-dialog.tsx'

interface RevertButtonProps {
  readonly event: AuditEvent
  readonly nameOf: NonNullable<SentenceContext['nameOf']>
}

/** Leads to the question whether an event is to be taken back; absent where it cannot be. */
export function RevertButton({ event, nameOf }: RevertButtonProps) {
  const text = useRevertText()
  const [isOpen, setOpen] = useState(false)
  if (reversalOf(event) === undefined) return null
  return (
    <>
      <Button
        variant="default"
        leftSection={<Undo2 size={15} aria-hidden />}
        aria-haspopup="dialog"
        onClick={() => setOpen(true)}
      >
        {text('revert')}
      </Button>
      {isOpen && <RevertDialog event={event} nameOf={nameOf} onClose={() => setOpen(false)} />}
    </>
  )
}
