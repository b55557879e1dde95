import { Button } from '@mantine/core'
import type { User } from '@propusk/client'
import { MonitorSmartphone } from 'lucide-react'
import { useState } from 'react'
import {
  EmptyState,
  ErrorState,
  LinkAnchor,
  LoadingRows,
  Section,
  useCommonText,
  useList,
  useNow,
} from '../../../ui/index.ts'
import { AllButOne } from './all-but-one.tsx'
import { useUserText } from './messages.ts'
import { SessionRow } from './session-row.tsx'
import { TimeAxis } from './time-axis.tsx'
import { spanOf } from './time-span.ts'
import { useEndSession } from './use-end-session.ts'
import { useLiveSessions } from './use-live-sessions.ts'
import { useRankReason } from './user-actions.tsx'
import classes from './user-sessions.module.css'

/** Of more live sessions than these one rather reads what happened, which stands below. */
const liveAtFirst = 5
const endedAtFirst = 3
const endedMore = 10

/** Where somebody is and was signed in, on one axis of time: live sessions first, then those that ended last. */
export function UserSessions({ user }: { readonly user: User }) {
  const text = useUserText()
  const common = useCommonText()
  const nowMs = useNow()
  const live = useLiveSessions(user.id)
  const ended = useList('sessions', 'listSessions', {
    user_id: user.id,
    is_active: false,
    ordering: '-ended_at',
  })
  const [endedShown, setEndedShown] = useState(endedAtFirst)
  const end = useEndSession(user)
  const reason = useRankReason(user)
  const [isLiveWhole, setLiveWhole] = useState(false)
  const liveRows = live.data ?? []
  const rows = [
    ...(isLiveWhole ? liveRows : liveRows.slice(0, liveAtFirst)),
    ...ended.rows.slice(0, endedShown),
  ]
  const span = spanOf(rows, nowMs)
  const liveHidden = isLiveWhole ? 0 : Math.max(0, liveRows.length - liveAtFirst)
  const isMore = ended.rows.length > endedShown || ended.hasMore
  const error = live.error ?? ended.error

  return (
    <Section
      title={text('sessions')}
      lead={live.data !== undefined && text('liveSessions', { count: liveRows.length })}
      actions={
        <>
          <AllButOne user={user} live={liveRows} />
          <LinkAnchor
            to="/console/sessions"
            search={{ user_id: String(user.id), is_active: 'all' }}
            size="sm"
          >
            {text('allSessions')}
          </LinkAnchor>
        </>
      }
    >
      {(live.isPending || ended.isLoading) && <LoadingRows count={3} />}
      {error != null && live.data === undefined && (
        <ErrorState error={error} onRetry={() => void live.refetch()} />
      )}
      {live.data !== undefined && !ended.isLoading && rows.length === 0 && (
        <EmptyState icon={<MonitorSmartphone />} title={text('noSessions')} />
      )}
      {rows.length > 0 && (
        <>
          <TimeAxis span={span} />
          <ul className={classes.sessions}>
            {rows.map(session => (
              <SessionRow key={session.id} session={session} span={span} reason={reason} onEnd={end} />
            ))}
          </ul>
        </>
      )}
      {liveHidden > 0 && (
        <Button size="compact-sm" variant="subtle" mt={6} onClick={() => setLiveWhole(true)}>
          {text('moreLive', { count: liveHidden })}
        </Button>
      )}
      {isMore && (
        <Button
          size="compact-sm"
          variant="subtle"
          mt={6}
          onClick={() => {
            setEndedShown(endedShown + endedMore)
            if (ended.rows.length <= endedShown + endedMore) ended.more()
          }}
        >
          {common('more')}
        </Button>
      )}
    </Section>
  )
}
