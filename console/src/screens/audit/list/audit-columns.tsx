import type { AuditEvent } from '@propusk/client'
import { useMemo } from 'react'
import { isStranger, useAuditSentence } from '../../../audit/index.ts'
import { useFormat } from '../../../i18n/index.ts'
import { At, type Column } from '../../../ui/index.ts'
import { useAuditText } from '../messages.ts'
import classes from './audit-list.module.css'
import { EventOutcome } from './event-outcome.tsx'

type NameOf = (target: string) => string | undefined

export function useAuditColumns(nameOf: NameOf): readonly Column<AuditEvent>[] {
  const text = useAuditText()
  const sentence = useAuditSentence()
  return useMemo(
    () => [
      {
        id: 'at',
        header: text('time'),
        width: '176px',
        cell: ({ at }) => <At at={at} exact />,
      },
      {
        id: 'actor',
        header: text('actor'),
        width: 'minmax(150px, 1fr)',
        cell: event =>
          event.actor === null ? (
            <span className="dim">{text(isStranger(event) ? 'stranger' : 'server')}</span>
          ) : (
            <span title={event.actor.email}>{event.actor.email}</span>
          ),
      },
      {
        id: 'what',
        header: text('what'),
        width: 'minmax(280px, 3fr)',
        cell: event => {
          const what = sentence(event, { nameOf })
          return <span title={what}>{what}</span>
        },
      },
      {
        id: 'outcome',
        header: text('outcome'),
        width: '112px',
        cell: ({ outcome }) => <EventOutcome outcome={outcome} />,
      },
      {
        id: 'address',
        header: text('address'),
        width: '128px',
        cell: ({ ip_address }) => ip_address !== null && <code title={ip_address}>{ip_address}</code>,
      },
    ],
    [text, sentence, nameOf],
  )
}

/** Beside an open event, and on a narrow screen: what happened, and under it when and by whom. */
export function useNarrowAuditColumns(nameOf: NameOf): readonly Column<AuditEvent>[] {
  const text = useAuditText()
  const sentence = useAuditSentence()
  const format = useFormat()
  return useMemo(
    () => [
      {
        id: 'what',
        header: text('what'),
        width: 'minmax(220px, 1fr)',
        cell: event => (
          <span className={classes.brief}>
            <span className={classes.what} data-outcome={event.outcome}>
              {sentence(event, { nameOf })}
            </span>
            <span className={classes.when}>
              {format.exact(event.at)} ·{' '}
              {event.actor?.email ?? text(isStranger(event) ? 'stranger' : 'server')}
            </span>
          </span>
        ),
      },
    ],
    [text, sentence, nameOf, format],
  )
}
