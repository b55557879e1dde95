import { Button } from '@mantine/core'
import { ScrollText } from 'lucide-react'
import { useFormat } from '../../i18n/index.ts'
import {
  EmptyState,
  ErrorState,
  LinkAnchor,
  LoadingRows,
  Page,
  Section,
  useCommonText,
  useList,
} from '../../ui/index.ts'
import classes from './activity.module.css'
import { ActivityEvent } from './activity-event.tsx'
import { useActivityText } from './messages.ts'

/** What happened to one's own account, day by day. */
export function ActivityScreen() {
  const text = useActivityText()
  const common = useCommonText()
  const format = useFormat()
  const list = useList('own-events', 'listOwnEvents')
  const isRead = !list.isLoading && list.error === undefined
  const days = [...Map.groupBy(list.rows, ({ at }) => format.date(at))]
  return (
    <Page title={text('title')} lead={text('lead')}>
      <p className={classes.notYou}>
        {text('notYou')}{' '}
        <LinkAnchor to="/account/devices" inherit underline="always">
          {text('signOut')}
        </LinkAnchor>{' '}
        {text('and')}{' '}
        <LinkAnchor to="/account/password" inherit underline="always">
          {text('changePassword')}
        </LinkAnchor>
        .
      </p>
      {list.isLoading && <LoadingRows count={4} />}
      {list.error !== undefined && <ErrorState error={list.error} onRetry={list.retry} />}
      {isRead && days.length === 0 && (
        <EmptyState icon={<ScrollText />} title={text('empty')}>
          {text('emptyHint')}
        </EmptyState>
      )}
      {days.map(([day, events]) => (
        <Section key={day} title={day}>
          <ol className={classes.events}>
            {events.map(event => (
              <ActivityEvent key={event.id} event={event} />
            ))}
          </ol>
        </Section>
      ))}
      {list.hasMore && (
        <Button variant="default" loading={list.isLoadingMore} onClick={list.more}>
          {common('more')}
        </Button>
      )}
    </Page>
  )
}
