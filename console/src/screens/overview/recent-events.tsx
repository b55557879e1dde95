import type { AuditEvent } from '@propusk/client'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { ScrollText } from 'lucide-react'
import { useAuditSentence, useTargetNames } from '../../audit/index.ts'
import { useAuditEvents } from '../../live/index.ts'
import { api } from '../../session/index.ts'
import { Ago, EmptyState, ErrorState, LinkAnchor, LoadingRows, Section } from '../../ui/index.ts'
import { type EventGroup, groupEvents } from './group-events.ts'
import { useOverviewText } from './messages.ts'
import classes from './overview.module.css'

/** Read of the audit, to be told in the fewer lines that are shown. */
const looked = 100
const shown = 12
const queryKey = ['audit', 'recent']

/** The newest events, kept new by the server's stream. */
export function RecentEvents() {
  const text = useOverviewText()
  const queries = useQueryClient()
  const { data, error, isPending, refetch } = useQuery({
    queryKey,
    queryFn: async ({ signal }) =>
      (await api.call('listAuditEvents', { query: { limit: looked }, signal })).results,
  })
  useAuditEvents(event =>
    queries.setQueryData<readonly AuditEvent[]>(queryKey, (known = []) =>
      [event, ...known.filter(({ id }) => id !== event.id)].slice(0, looked),
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
      {data !== undefined && <Groups groups={groupEvents(data).slice(0, shown)} />}
    </Section>
  )
}

function Groups({ groups }: { readonly groups: readonly EventGroup[] }) {
  const text = useOverviewText()
  const sentence = useAuditSentence()
  const nameOf = useTargetNames(groups.map(({ newest }) => newest))
  return (
    <ol className={classes.events}>
      {groups.map(({ newest, more, isIncident }) => (
        <li
          key={newest.id}
          className={classes.event}
          data-outcome={newest.outcome}
          data-incident={isIncident || undefined}
        >
          <span className={classes.dot} aria-hidden />
          <span className={classes.what}>
            <LinkAnchor
              to="/console/audit/$id"
              params={{ id: String(newest.id) }}
              c="inherit"
              inherit
              preload={false}
            >
              {sentence(newest, { nameOf })}
            </LinkAnchor>
            {newest.actor !== null && <span className="dim"> {newest.actor.email}</span>}
            {more > 0 && (
              <>
                {' '}
                <LinkAnchor to="/console/audit" search={{ action: newest.action }} inherit underline="always">
                  {text('more', { count: more })}
                </LinkAnchor>
              </>
            )}
          </span>
          <span className={classes.when}>
            <Ago at={newest.at} />
          </span>
        </li>
      ))}
    </ol>
  )
}
