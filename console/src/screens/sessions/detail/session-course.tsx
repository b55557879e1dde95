import type { Session } from '@propusk/client'
import type { ReactNode } from 'react'
import { Ago, At, Section, useNow } from '../../../ui/index.ts'
import { overAtMs, placeOf, type TimeSpan } from '../../users/detail/time-span.ts'
import { useSessionsText } from '../messages.ts'
import { useEndReason } from '../use-end-reason.ts'
import classes from './session-story.module.css'

/** From its beginning over its last use to its end, as a line and in words. */
export function SessionCourse({ session }: { readonly session: Session }) {
  const text = useSessionsText()
  const reason = useEndReason()
  const isOver = session.ended_at !== null
  return (
    <Section title={text('course')}>
      <CourseLine session={session} />
      <ol className={classes.steps}>
        <Step name={text('began')} at={session.created_at} />
        <Step name={text('lastUsed')} at={session.last_used_at} />
        <Step name={text(isOver ? 'endedAt' : 'endsAt')} at={session.ended_at ?? session.expires_at}>
          {isOver ? reason(session) : text('endsBy')}
        </Step>
      </ol>
    </Section>
  )
}

interface StepProps {
  readonly name: string
  readonly at: string
  readonly children?: ReactNode
}

function Step({ name, at, children }: StepProps) {
  return (
    <li className={classes.step}>
      <div className={classes.name}>{name}</div>
      <div>
        <At at={at} />
      </div>
      <div className={classes.why}>
        <Ago at={at} />
        {children !== undefined && <>: {children}</>}
      </div>
    </li>
  )
}

/** For the eye alone: the steps below say the same. */
function CourseLine({ session }: { readonly session: Session }) {
  const nowMs = useNow()
  const span: TimeSpan = {
    fromMs: new Date(session.created_at).getTime(),
    toMs: overAtMs(session),
    nowMs,
  }
  const percent = (part: number) => `${100 * part}%`
  const used = placeOf(new Date(session.last_used_at).getTime(), span)
  return (
    <div className={classes.line} data-live={session.is_active || undefined} aria-hidden>
      <span className={classes.life} />
      <span className={classes.used} style={{ width: percent(used) }} />
      {session.is_active && <span className={classes.now} style={{ left: percent(placeOf(nowMs, span)) }} />}
    </div>
  )
}
