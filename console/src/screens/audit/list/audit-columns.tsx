import type { AuditEvent } from '@propusk/client'
import { useMemo } from 'react'
import { useActorWords, useAuditSentence } from '../../../audit/index.ts'
import { useFormat } from '../../../i18n/index.ts'
import { At, type Column } from '../../../ui/index.ts'
import { useAuditText } from '../messages.ts'
import classes from './audit-list.module.css'
import { OutcomeCell } from './outcome-cell.tsx'

type NameOf = (target: string) => string | undefined

interface ColumnsContext {
  readonly nameOf: NameOf
  /** Asks whether an event is to be taken back. */
  onRevert(event: AuditEvent): void
}

export function useAuditColumns({ nameOf, onRevert }: ColumnsContext): readonly Column<AuditEvent>[] {
  const text = useAuditText()
  const sentence = useAuditSentence()
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
        cell: event => {
          const what = sentence(event, { nameOf })
          return <span title={what}>{what}</span>
        },
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
    [text, sentence, actorWords, nameOf, onRevert],
  )
}

/** Beside an open event, and on a narrow screen: what happened, and under it when and by whom. */
export function useNarrowAuditColumns(nameOf: NameOf): readonly Column<AuditEvent>[] {
  const text = useAuditText()
  const sentence = useAuditSentence()
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
              {sentence(event, { nameOf })}
            </span>
            <span className={classes.when}>
              {format.exact(event.at)} · {actorWords(event, nameOf)}
            </span>
          </span>
        ),
      },
    ],
    [text, sentence, actorWords, nameOf, format],
  )
}
