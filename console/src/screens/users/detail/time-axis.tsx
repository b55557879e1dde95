import { useFormat } from '../../../i18n/index.ts'
import { useUserText } from './messages.ts'
import { placeOf, type TimeSpan } from './time-span.ts'
import classes from './user-sessions.module.css'

/** A label in the middle would lie on those at the ends. */
const clearOfEnds = { from: 0.4, to: 0.56 }

/** The scale above the sessions. Each session says its times in words too, so this is for the eye alone. */
export function TimeAxis({ span }: { readonly span: TimeSpan }) {
  const text = useUserText()
  const format = useFormat()
  const now = placeOf(span.nowMs, span)
  const isNowFree = now > clearOfEnds.from && now < clearOfEnds.to
  return (
    <div className={classes.axis} aria-hidden>
      <div className={classes.scale}>
        <span>{format.relative(span.fromMs, span.nowMs)}</span>
        {isNowFree && (
          <span className={classes.nowLabel} style={{ left: `${100 * now}%` }}>
            {text('now')}
          </span>
        )}
        <span>{span.toMs <= span.nowMs ? text('now') : format.relative(span.toMs, span.nowMs)}</span>
      </div>
    </div>
  )
}
