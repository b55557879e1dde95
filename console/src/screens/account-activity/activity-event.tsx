import type { OwnEvent } from '@propusk/client'
import { useFormat } from '../../i18n/index.ts'
import { Device } from '../../ui/index.ts'
import classes from './activity.module.css'
import { useActivityText } from './messages.ts'
import { useActivitySentence } from './use-activity-sentence.ts'

export function ActivityEvent({ event }: { readonly event: OwnEvent }) {
  const text = useActivityText()
  const format = useFormat()
  const sentence = useActivitySentence()
  const { at, outcome, by, ip_address, user_agent } = event
  return (
    <li className={classes.event} data-outcome={outcome}>
      <time className={classes.when} dateTime={at} title={format.exact(at)}>
        {format.time(at)}
      </time>
      <div className={classes.what}>
        <div className={classes.sentence}>{sentence(event)}</div>
        <div className={classes.from}>
          {by !== 'self' && <span>{text(by)}</span>}
          {user_agent !== null && <Device userAgent={user_agent} />}
          {ip_address !== null && <code>{ip_address}</code>}
        </div>
      </div>
    </li>
  )
}
