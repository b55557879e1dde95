import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Rocket } from 'lucide-react'
import { useMemo } from 'react'
import { useFormat } from '../../i18n/index.ts'
import { api, useMay } from '../../session/index.ts'
import { EmptyState, ErrorState, LinkAnchor, LinkButton, LoadingRows } from '../../ui/index.ts'
import { ActivityCharts } from './activity-charts.tsx'
import { Incidents } from './incidents.tsx'
import { useOverviewText } from './messages.ts'
import classes from './overview.module.css'
import { actionOf, type Counter, type Period, periodOf, sumOf } from './period.ts'

/** The server counts anew as often as this, at the most. */
const renewMs = 15_000

export function Figures({ hours }: { readonly hours: number }) {
  const { data, error, isPending, isPlaceholderData, refetch } = useQuery({
    queryKey: ['statistics', hours],
    placeholderData: keepPreviousData,
    refetchInterval: renewMs,
    // And as much before it, to compare with.
    queryFn: ({ signal }) => api.call('readStatistics', { query: { hours: 2 * hours }, signal }),
  })
  const period = useMemo(() => data && periodOf(data), [data])
  if (isPending) return <LoadingRows count={5} />
  if (error !== null && period === undefined) {
    return <ErrorState error={error} onRetry={() => void refetch()} />
  }
  return (
    <div data-stale={isPlaceholderData || undefined} className={classes.figures}>
      {period!.statistics.users.total <= 1 && <Newcomer />}
      <Incidents period={period!} />
      <Tiles period={period!} hours={hours} />
      <ActivityCharts period={period!} />
    </div>
  )
}

/** A server on which nothing has been set up yet. */
function Newcomer() {
  const text = useOverviewText()
  return (
    <EmptyState
      icon={<Rocket />}
      title={text('newcomer')}
      action={<LinkButton to="/console/start">{text('toStart')}</LinkButton>}
    >
      {text('newcomerHint')}
    </EmptyState>
  )
}

interface TilesProps {
  readonly period: Period
  readonly hours: number
}

function Tiles({ period, hours }: TilesProps) {
  const text = useOverviewText()
  const format = useFormat()
  const may = useMay()
  const { users, sessions } = period.statistics
  const accounts = text('ofAccounts', {
    active: format.number(users.active),
    total: format.number(users.total),
  })
  return (
    <dl className={classes.tiles}>
      <div className={classes.tile}>
        <dt>{text('activeSessions')}</dt>
        <dd>
          {may('sessions', 'read') ? (
            <LinkAnchor to="/console/sessions" c="inherit" inherit className={classes.value}>
              {format.number(sessions.active)}
            </LinkAnchor>
          ) : (
            <span className={classes.value}>{format.number(sessions.active)}</span>
          )}
          {may('users', 'read') ? (
            <LinkAnchor
              to="/console/users"
              search={{ is_active: 'true' }}
              c="dimmed"
              className={classes.note}
            >
              {accounts}
            </LinkAnchor>
          ) : (
            <span className={classes.note}>{accounts}</span>
          )}
        </dd>
      </div>
      <Tile period={period} hours={hours} counter="sign_ins" name={text('signIns')} />
      <Tile period={period} hours={hours} counter="failed_sign_ins" name={text('failed')} isBad />
      <Tile period={period} hours={hours} counter="refusals" name={text('refusals')} isBad />
    </dl>
  )
}

interface TileProps extends TilesProps {
  readonly counter: Counter
  readonly name: string
  /** Whether more of it is worse. */
  readonly isBad?: boolean
}

/** A number of the period, which leads to its events, and how it compares with the period before. */
function Tile({ period, hours, counter, name, isBad = false }: TileProps) {
  const text = useOverviewText()
  const format = useFormat()
  const value = sumOf(period.buckets, counter)
  const difference = value - sumOf(period.before, counter)
  return (
    <div className={classes.tile}>
      <dt>{name}</dt>
      <dd>
        <LinkAnchor
          to="/console/audit"
          search={{ action: actionOf[counter], since: period.since }}
          c="inherit"
          inherit
          className={classes.value}
        >
          {format.number(value)}
        </LinkAnchor>
        <span className={classes.note} data-bad={(isBad && difference > 0) || undefined}>
          {text(difference === 0 ? 'sameTrend' : 'trend', {
            difference: format.signed(difference),
            hours: text(periodKeys[hours] ?? 'before'),
          })}
        </span>
      </dd>
    </div>
  )
}

const periodKeys: Readonly<Record<number, 'beforeDay' | 'beforeWeek' | 'beforeMonth'>> = {
  24: 'beforeDay',
  168: 'beforeWeek',
  720: 'beforeMonth',
}
