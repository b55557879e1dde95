import type { Session } from '@propusk/client'
import { useFormat } from '../../../i18n/index.ts'
import { useMay } from '../../../session/index.ts'
import { Device, describeDevice, GatedButton, Status, useNow } from '../../../ui/index.ts'
import { OwnBadge } from '../../sessions/list/session-person.tsx'
import { useOwnSession } from '../../sessions/use-own-session.ts'
import { useEndReasonText, useUserText } from './messages.ts'
import { overAtMs, placeOf, type TimeSpan } from './time-span.ts'
import classes from './user-sessions.module.css'

interface SessionRowProps {
  readonly session: Session
  readonly span: TimeSpan
  /** Why it cannot be ended by whoever is signed in. */
  readonly reason: string | undefined
  onEnd(session: Session): void
}

/** A device, from its sign-in over its last use to its end. */
export function SessionRow({ session, span, reason, onEnd }: SessionRowProps) {
  const text = useUserText()
  const may = useMay()
  const own = useOwnSession()
  const mayEnd = session.is_active && (may('sessions', 'update') || may('sessions', 'delete'))
  return (
    <li className={classes.session} data-live={session.is_active || undefined}>
      <div className={classes.device}>
        <Device userAgent={session.user_agent} />
        <SessionTimes session={session} />
      </div>
      <SessionBar session={session} span={span} />
      <div className={classes.end}>
        {session.uuid === own ? (
          <OwnBadge />
        ) : session.is_active ? (
          <Status tone="good">{text('live')}</Status>
        ) : (
          <Status tone="quiet">{text('over')}</Status>
        )}
        {mayEnd && (
          <GatedButton
            reason={reason}
            size="compact-xs"
            variant="default"
            c="var(--bad)"
            aria-label={text('endSession', { device: describeDevice(session.user_agent).name })}
            onClick={() => onEnd(session)}
          >
            {text('end')}
          </GatedButton>
        )}
      </div>
    </li>
  )
}

function SessionTimes({ session }: { readonly session: Session }) {
  const text = useUserText()
  const reasons = useEndReasonText()
  const format = useFormat()
  const nowMs = useNow()
  const when = (at: string) => ({ when: format.relative(at, nowMs) })
  const over =
    session.ended_at === null
      ? text('until', when(session.expires_at))
      : text('endedBecause', {
          ...when(session.ended_at),
          reason: reasons((session.end_reason ?? 'expired') as Parameters<typeof reasons>[0]),
        })
  return (
    <span className={classes.times} title={format.exact(session.created_at)}>
      <code>{session.ip_address}</code> · {text('signedIn', when(session.created_at))} ·{' '}
      {text('lastUsed', when(session.last_used_at))} · {over}
    </span>
  )
}

function SessionBar({ session, span }: Pick<SessionRowProps, 'session' | 'span'>) {
  const created = placeOf(new Date(session.created_at).getTime(), span)
  const used = placeOf(new Date(session.last_used_at).getTime(), span)
  const over = placeOf(overAtMs(session), span)
  const percent = (part: number) => `${100 * part}%`
  return (
    <div className={classes.bar} aria-hidden>
      <span className={classes.now} style={{ left: percent(placeOf(span.nowMs, span)) }} />
      <span className={classes.life} style={{ left: percent(created), width: percent(over - created) }} />
      <span className={classes.used} style={{ left: percent(created), width: percent(used - created) }} />
    </div>
  )
}
