import type { AuditEvent } from '@propusk/client'
import { useMemo } from 'react'
import { type SentenceContext, useActorWords } from '../../../audit/index.ts'
import { useFormat } from '../../../i18n/index.ts'
import { At, type Column } from '../../../ui/index.ts'
import { useAuditText } from '../messages.ts'
import classes from './audit-list.module.css'
import { EventWhat } from './event-what.tsx'
import type { Grouped } from './group-repeats.ts'
import { OutcomeCell } from './outcome-cell.tsx'

type NameOf = NonNullable<SentenceContext['nameOf']>

interface ColumnsContext {
  readonly nameOf: NameOf
  readonly repeats: Grouped['repeats']
  onShowRepeats(oldest: number): void
  /** Asks whether an event is to be taken back. */
  onRevert(event: AuditEvent): void
}

export function useAuditColumns({
  nameOf,
  repeats,
  onShowRepeats,
  onRevert,
}: ColumnsContext): readonly Column<AuditEvent>[] {
  const text = useAuditText()
  const actorWords = useActorWords()
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
        cell: event => {
          const who = actorWords(event, nameOf)
          return (
            <span className={event.actor === null ? 'dim' : undefined} title={who}>
              {who}
            </span>
          )
        },
      },
      {
        id: 'what',
        header: text('what'),
        width: 'minmax(280px, 3fr)',
        cell: event => <EventWhat {...{ event, nameOf, repeats, onShowRepeats }} />,
      },
      {
        id: 'outcome',
        header: text('outcome'),
        width: '112px',
        cell: event => <OutcomeCell event={event} onRevert={onRevert} />,
      },
      {
        id: 'address',
        header: text('address'),
        width: '128px',
        cell: ({ ip_address }) => ip_address !== null && <code title={ip_address}>{ip_address}</code>,
      },
    ],
    [text, actorWords, nameOf, repeats, onShowRepeats, onRevert],
  )
}

/** Beside an open event, and on a narrow screen: what happened, and under it when and by whom. */
export function useNarrowAuditColumns({
  nameOf,
  repeats,
  onShowRepeats,
}: Omit<ColumnsContext, 'onRevert'>): readonly Column<AuditEvent>[] {
  const text = useAuditText()
  const actorWords = useActorWords()
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
              <EventWhat {...{ event, nameOf, repeats, onShowRepeats }} />
            </span>
            <span className={classes.when}>
              {format.exact(event.at)} · {actorWords(event, nameOf)}
            </span>
          </span>
        ),
      },
    ],
    [text, actorWords, nameOf, repeats, onShowRepeats, format],
  )
}
