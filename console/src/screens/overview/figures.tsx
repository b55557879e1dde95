import type { Statistics } from '@propusk/client'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useFormat } from '../../i18n/index.ts'
import { api } from '../../session/index.ts'
import { ErrorState, LoadingRows } from '../../ui/index.ts'
import { ActivityChart } from './activity-chart.tsx'
import { useOverviewText } from './messages.ts'
import classes from './overview.module.css'

/** The server counts anew as often as this, at the most. */
const renewMs = 15_000

export function Figures({ hours }: { readonly hours: number }) {
  const { data, error, isPending, isPlaceholderData, refetch } = useQuery({
    queryKey: ['statistics', hours],
    placeholderData: keepPreviousData,
    refetchInterval: renewMs,
    queryFn: ({ signal }) => api.call('readStatistics', { query: { hours }, signal }),
  })
  if (isPending) return <LoadingRows count={5} />
  if (error !== null && data === undefined) return <ErrorState error={error} onRetry={() => void refetch()} />
  return (
    <div data-stale={isPlaceholderData || undefined} className={classes.figures}>
      <Tiles statistics={data} />
      <ActivityChart statistics={data} />
    </div>
  )
}

type Counter = 'sign_ins' | 'failed_sign_ins' | 'refusals' | 'registrations' | 'token_reuse'

export const sumOf = ({ buckets }: Statistics, counter: Counter): number =>
  buckets.reduce((sum, bucket) => sum + bucket[counter], 0)

function Tiles({ statistics }: { readonly statistics: Statistics }) {
  const text = useOverviewText()
  const format = useFormat()
  const { users, sessions, locked } = statistics
  const reused = sumOf(statistics, 'token_reuse')
  return (
    <dl className={classes.tiles}>
      <Tile name={text('activeSessions')} value={sessions.active} />
      <Tile
        name={text('accounts')}
        value={users.active}
        note={text('ofTotal', { total: format.number(users.total) })}
      />
      <Tile name={text('signIns')} value={sumOf(statistics, 'sign_ins')} note={text('inPeriod')} />
      <Tile name={text('failed')} value={sumOf(statistics, 'failed_sign_ins')} note={text('inPeriod')} />
      <Tile name={text('refusals')} value={sumOf(statistics, 'refusals')} note={text('inPeriod')} />
      <Tile name={text('locked')} value={locked.accounts + locked.addresses} isBad />
      {reused > 0 && <Tile name={text('reuse')} value={reused} note={text('inPeriod')} isBad />}
    </dl>
  )
}

interface TileProps {
  readonly name: string
  readonly value: number
  readonly note?: string
  /** Whether any number but none is worth a look. */
  readonly isBad?: boolean
}

function Tile({ name, value, note, isBad = false }: TileProps) {
  const format = useFormat()
  return (
    <div className={classes.tile} data-bad={(isBad && value > 0) || undefined}>
      <dt>{name}</dt>
      <dd>
        <span className={classes.value}>{format.number(value)}</span>
        {note !== undefined && <span className={classes.note}>{note}</span>}
      </dd>
    </div>
  )
}
