import type { AuditEvent } from '@propusk/client'
import { isStranger, type SentenceContext, useAuditSentence } from '../../../audit/index.ts'
import { Ago, describeDevice, LinkAnchor } from '../../../ui/index.ts'
import { useUserText } from './messages.ts'
import classes from './user-trail.module.css'

interface TrailEventProps {
  readonly event: AuditEvent
  /** Whose page it stands on. */
  readonly userId: number
  readonly nameOf: NonNullable<SentenceContext['nameOf']>
}

export function TrailEvent({ event, userId, nameOf }: TrailEventProps) {
  const text = useUserText()
  const sentence = useAuditSentence()
  const about = `users/${userId}`
  return (
    <li className={classes.event} data-outcome={event.outcome}>
      <span className={classes.dot} aria-hidden />
      <div className={classes.what}>
        <LinkAnchor to="/console/audit/$id" params={{ id: String(event.id) }} c="inherit" preload={false}>
          {sentence(event, { about, nameOf })}
        </LinkAnchor>
        <div className={classes.by}>
          {event.outcome !== 'success' && <span className={classes.outcome}>{text(event.outcome)}</span>}
          <Doer event={event} userId={userId} />
          {event.user_agent !== null && <span>{describeDevice(event.user_agent).name}</span>}
          {event.ip_address !== null && <code>{event.ip_address}</code>}
        </div>
      </div>
      <span className={classes.when}>
        <Ago at={event.at} />
      </span>
    </li>
  )
}

/** Who did it, when it was not the person whose page this is. */
function Doer({ event, userId }: Pick<TrailEventProps, 'event' | 'userId'>) {
  const text = useUserText()
  const { actor } = event
  if (actor === null) return <span>{text(isStranger(event) ? 'byStranger' : 'byNobody')}</span>
  if (actor.id === userId) return null
  return (
    <LinkAnchor to="/console/users/$id" params={{ id: String(actor.id) }} search={true} inherit>
      {actor.email}
    </LinkAnchor>
  )
}
