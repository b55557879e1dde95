import { Button } from '@mantine/core'
import type { User } from '@propusk/client'
import { ScrollText } from 'lucide-react'
import { useState } from 'react'
import { useTargetNames } from '../../../audit/index.ts'
import { EmptyState, ErrorState, LinkAnchor, LoadingRows, Section, useCommonText } from '../../../ui/index.ts'
import { useUserText } from './messages.ts'
import { TrailEvent } from './trail-event.tsx'
import { useTrail } from './use-trail.ts'
import classes from './user-trail.module.css'

const shownAtFirst = 12
const shownMore = 30

/** What happened to somebody, and what they did. */
export function UserTrail({ user }: { readonly user: User }) {
  const text = useUserText()
  const common = useCommonText()
  const trail = useTrail(user.id)
  const [shown, setShown] = useState(shownAtFirst)
  const events = trail.events.slice(0, shown)
  const nameOf = useTargetNames(events)
  const isMore = trail.events.length > shown || trail.hasMore
  return (
    <Section
      title={text('trail')}
      actions={
        <LinkAnchor to="/console/audit" search={{ target: `users/${user.id}` }} size="sm">
          {text('wholeTrail')}
        </LinkAnchor>
      }
    >
      {trail.isLoading && <LoadingRows count={4} />}
      {trail.error !== undefined && <ErrorState error={trail.error} onRetry={trail.retry} />}
      {!trail.isLoading && trail.error === undefined && events.length === 0 && (
        <EmptyState icon={<ScrollText />} />
      )}
      <ol className={classes.trail}>
        {events.map(event => (
          <TrailEvent key={event.id} event={event} userId={user.id} nameOf={nameOf} />
        ))}
      </ol>
      {isMore && !trail.isLoading && (
        <Button
          size="compact-sm"
          variant="subtle"
          onClick={() => {
            setShown(shown + shownMore)
            if (trail.events.length <= shown + shownMore) trail.more()
          }}
        >
          {common('more')}
        </Button>
      )}
    </Section>
  )
}
