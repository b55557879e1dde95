import { UnstyledButton } from '@mantine/core'
import type { AuditEvent } from '@propusk/client'
import { type SentenceContext, useAuditSentence } from '../../../audit/index.ts'
import { useAuditText } from '../messages.ts'
import classes from './audit-list.module.css'
import type { Grouped } from './group-repeats.ts'

export interface EventWhatProps {
  readonly event: AuditEvent
  readonly nameOf: NonNullable<SentenceContext['nameOf']>
  readonly repeats: Grouped['repeats']
  /** Shows the repeats one by one; `oldest` is the id by which they are known. */
  onShowRepeats(oldest: number): void
}

/** What happened, in a sentence, and how many more times just before. */
export function EventWhat({ event, nameOf, repeats, onShowRepeats }: EventWhatProps) {
  const text = useAuditText()
  const sentence = useAuditSentence()
  const what = sentence(event, { nameOf })
  const others = repeats.get(event.id)
  return (
    <>
      <span title={what}>{what}</span>
      {others !== undefined && (
        <UnstyledButton
          className={classes.repeats}
          onClick={press => {
            press.stopPropagation()
            onShowRepeats(others.at(-1)!.id)
          }}
        >
          {text('repeats', { count: others.length })}
        </UnstyledButton>
      )}
    </>
  )
}
