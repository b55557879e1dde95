import type { AuditEvent } from '@propusk/client'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { ScrollText } from 'lucide-react'
import { useAuditSentence, useTargetNames } from '../../audit/index.ts'
import { useAuditEvents } from '../../live/index.ts'
import { api } from '../../session/index.ts'
import { Ago, EmptyState, ErrorState, LinkAnchor, LoadingRows, Section } from '../../ui/index.ts'
import { useOverviewText } from './messages.ts'
import classes from './overview.module.css'

const shown = 12
const queryKey = ['audit', 'recent']

/** The newest events, kept new by the server's stream. */
export function RecentEvents() {
  const text = useOverviewText()
  const queries = useQueryClient()
  const { data, error, isPending, refetch } = useQuery({
    queryKey,
    queryFn: async ({ signal }) =>
      (await api.call('listAuditEvents', { query: { limit: shown }, signal })).results,
  })
  useAuditEvents(event =>
    queries.setQueryData<readonly AuditEvent[]>(queryKey, (known = []) =>
      [event, ...known.filter(({ id }) => id !== event.id)].slice(0, shown),
    ),
  )
  return (
    <Section
      title={text('recent')}
      lead={text('recentLead')}
      actions={
        <LinkAnchor to="/console/audit" size="sm">
          {text('wholeAudit')}
        </LinkAnchor>
      }
    >
      {isPending && <LoadingRows count={6} />}
      {error !== null && <ErrorState error={error} onRetry={() => void refetch()} />}
      {data?.length === 0 && <EmptyState icon={<ScrollText />} title={text('noEvents')} />}
      {data !== undefined && <Events events={data} />}
    </Section>
  )
}

function Events({ events }: { readonly events: readonly AuditEvent[] }) {
  const sentence = useAuditSentence()
  const nameOf = useTargetNames(events)
  return (
    <ol className={classes.events}>
      {events.map(event => (
        <li key={event.id} className={classes.event} data-outcome={event.outcome}>
          <span className={classes.dot} aria-hidden />
          <span className={classes.what}>
            <LinkAnchor
              to="/console/audit/$id"
              params={{ id: String(event.id) }}
              c="inherit"
              inherit
              preload={false}
            >
              {sentence(event, { nameOf })}
            </LinkAnchor>
            {event.actor !== null && <span className="dim"> {event.actor.email}</span>}
          </span>
          <span className={classes.when}>
            <Ago at={event.at} />
          </span>
        </li>
      ))}
    </ol>
  )
}
