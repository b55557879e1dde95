import type { AuditEvent } from '@propusk/client'
import { useActionName, useAuditSentence, useTargetNames } from '../../../audit/index.ts'
import { CopyText, Detail, Section, useDocumentTitle } from '../../../ui/index.ts'
import { EventOutcome } from '../list/event-outcome.tsx'
import { useAuditText } from '../messages.ts'
import { RevertButton } from '../revert/revert-button.tsx'
import { CopyRaw } from './copy-raw.tsx'
import { EventDetails } from './event-details.tsx'
import { EventFacts } from './event-facts.tsx'
import classes from './event-story.module.css'
import { MoreOfTheSame } from './more-of-the-same.tsx'

/** All that is known of an event: in a sentence, field by field, and as the API gives it. */
export function EventStory({ event, onBack }: { readonly event: AuditEvent; onBack(): void }) {
  const text = useAuditText()
  const sentence = useAuditSentence()
  const actionName = useActionName()
  const nameOf = useTargetNames([event])
  const title = sentence(event, { nameOf })
  useDocumentTitle(title)
  return (
    <Detail
      title={title}
      state={event.outcome !== 'success' && <EventOutcome outcome={event.outcome} />}
      names={
        <>
          <span>{actionName(event.action)}</span>
          <CopyText value={event.action} />
          <CopyText value={String(event.id)} shown={`#${event.id}`} />
        </>
      }
      actions={<RevertButton event={event} nameOf={nameOf} />}
      onBack={onBack}
    >
      <EventFacts event={event} nameOf={nameOf} />
      <Section title={text('details')}>
        <EventDetails details={event.details} />
      </Section>
      <MoreOfTheSame event={event} />
      <Section title={text('raw')} actions={<CopyRaw value={rawOf(event)} />}>
        <pre className={classes.raw}>{rawOf(event)}</pre>
      </Section>
    </Detail>
  )
}

const rawOf = (event: AuditEvent): string => JSON.stringify(event, undefined, 2)
