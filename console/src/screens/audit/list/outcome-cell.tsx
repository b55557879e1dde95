import { UnstyledButton } from '@mantine/core'
import type { AuditEvent } from '@propusk/client'
import { Undo2 } from 'lucide-react'
import { useRevertText } from '../revert/messages.ts'
import { reversalOf } from '../revert/reversal.ts'
import classes from './audit-list.module.css'
import { EventOutcome } from './event-outcome.tsx'

interface OutcomeCellProps {
  readonly event: AuditEvent
  onRevert(event: AuditEvent): void
}

/** What did not go well says so; what did, and can be taken back, offers that. Anything else is ordinary, and says nothing. */
export function OutcomeCell({ event, onRevert }: OutcomeCellProps) {
  const text = useRevertText()
  if (event.outcome !== 'success') return <EventOutcome outcome={event.outcome} />
  if (reversalOf(event) === undefined) return null
  return (
    <UnstyledButton
      className={classes.revert}
      // By keyboard an event is opened first, and taken back there: a row is one stop of Tab.
      tabIndex={-1}
      onClick={press => {
        press.stopPropagation()
        onRevert(event)
      }}
    >
      <Undo2 size={13} aria-hidden />
      {text('revert')}
    </UnstyledButton>
  )
}
