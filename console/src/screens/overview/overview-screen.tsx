import { SegmentedControl } from '@mantine/core'
import { Activity } from 'lucide-react'
import { useState } from 'react'
import { useMay } from '../../session/index.ts'
import { EmptyState, Page } from '../../ui/index.ts'
import { Figures } from './figures.tsx'
import { Health } from './health.tsx'
import { useOverviewText } from './messages.ts'
import classes from './overview.module.css'
import { RecentEvents } from './recent-events.tsx'
import { Waiting } from './waiting.tsx'

const periods = [
  { hours: 24, label: 'day' },
  { hours: 168, label: 'week' },
  { hours: 720, label: 'month' },
] as const

/** The whole system at a glance: who is here, what was refused, what has just happened, and whether the nodes are well. */
export function OverviewScreen() {
  const text = useOverviewText()
  const may = useMay()
  const [hours, setHours] = useState(24)
  const seesAudit = may('audit', 'read')
  const seesWaits = may('throttle', 'read')
  const seesServer = may('server', 'read')
  if (!seesAudit && !seesWaits && !seesServer) {
    return (
      <Page title={text('title')}>
        <EmptyState icon={<Activity />} title={text('quiet')}>
          {text('quietHint')}
        </EmptyState>
      </Page>
    )
  }
  return (
    <Page
      title={text('title')}
      lead={text('lead')}
      actions={
        seesAudit && (
          <SegmentedControl
            size="xs"
            aria-label={text('period')}
            value={String(hours)}
            onChange={value => setHours(Number(value))}
            data={periods.map(({ hours, label }) => ({ value: String(hours), label: text(label) }))}
          />
        )
      }
    >
      {seesAudit && <Figures hours={hours} />}
      <div className={classes.columns}>
        {seesAudit && <RecentEvents />}
        <div>
          {seesWaits && <Waiting />}
          {seesServer && <Health />}
        </div>
      </div>
    </Page>
  )
}
