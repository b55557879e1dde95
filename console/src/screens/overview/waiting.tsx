import { Button } from '@mantine/core'
import type { ThrottleCounter } from '@propusk/client'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useFormat } from '../../i18n/index.ts'
import { api, useMay } from '../../session/index.ts'
import { ErrorState, LoadingRows, notifyDone, notifyProblem, Section } from '../../ui/index.ts'
import { useOverviewText } from './messages.ts'
import classes from './overview.module.css'

const shown = 20
const renewMs = 20_000

/** Whose guesses were too many, with a way to let them try again: an owner may be among them. */
export function Waiting() {
  const text = useOverviewText()
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ['throttle', 'blocked'],
    refetchInterval: renewMs,
    queryFn: async ({ signal }) =>
      (
        await api.call('listThrottleCounters', {
          query: { is_blocked: true, limit: shown, ordering: '-blocked_until' },
          signal,
        })
      ).results,
  })
  return (
    <Section title={text('lockedTitle')} lead={text('lockedLead')} id="waiting">
      {isPending && <LoadingRows count={2} />}
      {error !== null && <ErrorState error={error} onRetry={() => void refetch()} />}
      {data?.length === 0 && <p className="dim">{text('nobodyWaits')}</p>}
      <ul className={classes.lines}>
        {data?.map(counter => (
          <Wait key={counter.id} counter={counter} />
        ))}
      </ul>
    </Section>
  )
}

function Wait({ counter }: { readonly counter: ThrottleCounter }) {
  const text = useOverviewText()
  const format = useFormat()
  const may = useMay()
  const queries = useQueryClient()
  const { id, kind, subject, failures, blocked_until } = counter

  const end = async () => {
    try {
      await api.call('clearThrottleCounter', { params: { id } })
      notifyDone(text('ended', { subject }))
      await queries.invalidateQueries({ queryKey: ['throttle'] })
    } catch (error) {
      notifyProblem(error)
    }
  }
  return (
    <li className={classes.line}>
      <div className={classes.what}>
        <div>
          <strong>{subject}</strong> <span className="dim">{text(kind)}</span>
        </div>
        <div className={classes.note}>
          {text('failures', { count: failures })}
          {blocked_until !== null && ` · ${text('until', { when: format.dateTime(blocked_until) })}`}
        </div>
      </div>
      {may('throttle', 'delete') && (
        <Button
          variant="default"
          size="xs"
          aria-label={`${text('endWait')}: ${subject}`}
          onClick={() => void end()}
        >
          {text('endWait')}
        </Button>
      )}
    </li>
  )
}
