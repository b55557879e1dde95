import { Button } from '@mantine/core'
import type { AuditEvent } from '@propusk/client'
import { useAuditSentence, useTargetNames } from '../../audit/index.ts'
import { useMay } from '../../session/index.ts'
import { Ago, ErrorState, LinkAnchor, LoadingRows, Section, useCommonText, useList } from '../../ui/index.ts'
import classes from './catalogue.module.css'
import { useCatalogueText } from './messages.ts'

interface HistoryProps {
  /** What it is the history of, as the audit names it, such as `roles/3`. */
  readonly target: string
  /** An event of something else with which it began: it stands last. */
  readonly beginning?: AuditEvent | undefined
}

const eventsAtOnce = 10

/** What was done to a role, a resource or an action, the newest first; for whoever may read the audit. */
export function History(props: HistoryProps) {
  const may = useMay()
  return may('audit', 'read') ? <Events {...props} /> : null
}

function Events({ target, beginning }: HistoryProps) {
  const text = useCatalogueText()
  const common = useCommonText()
  const sentence = useAuditSentence()
  const list = useList('audit', 'listAuditEvents', { target, limit: eventsAtOnce })
  const rows = beginning === undefined || list.hasMore ? list.rows : [...list.rows, beginning]
  const nameOf = useTargetNames(rows)

  return (
    <Section
      title={text('history')}
      actions={
        <LinkAnchor to="/console/audit" search={{ target }} size="sm">
          {text('wholeHistory')}
        </LinkAnchor>
      }
    >
      {list.isLoading && <LoadingRows count={3} />}
      {list.error !== undefined && <ErrorState error={list.error} onRetry={list.retry} />}
      {!list.isLoading && list.error === undefined && rows.length === 0 && (
        <p className={classes.quiet}>{text('historyEmpty')}</p>
      )}
      <ol className={classes.history}>
        {rows.map(event => (
          <li key={event.id} className={classes.event}>
            <div className={classes.what}>
              <LinkAnchor to="/console/audit/$id" params={{ id: String(event.id) }} c="inherit" size="sm">
                {sentence(event, { about: target, nameOf })}
              </LinkAnchor>
              <div className={classes.by}>{event.actor?.email ?? text('byServer')}</div>
            </div>
            <span className={classes.when}>
              <Ago at={event.at} />
            </span>
          </li>
        ))}
      </ol>
      {list.hasMore && (
        <Button variant="default" size="xs" mt={8} onClick={list.more} loading={list.isLoadingMore}>
          {common('more')}
        </Button>
      )}
    </Section>
  )
}
