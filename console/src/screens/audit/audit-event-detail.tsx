import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { api } from '../../session/index.ts'
import { Detail, ErrorState, LoadingRows } from '../../ui/index.ts'
import { EventStory } from './detail/event-story.tsx'
import { useAuditText } from './messages.ts'

/** An event at the right of the list, or why there is none. */
export function AuditEventDetail() {
  const text = useAuditText()
  const { id } = useParams({ from: '/console/audit/$id' })
  const navigate = useNavigate()
  const { data, error, refetch } = useQuery({
    queryKey: ['audit', 'readAuditEvent', Number(id)],
    queryFn: ({ signal }) => api.call('readAuditEvent', { params: { id: Number(id) }, signal }),
    // What has happened does not change any more.
    staleTime: Number.POSITIVE_INFINITY,
  })
  const back = () => {
    void navigate({ to: '/console/audit', search: true }).then(focusList)
  }
  if (data !== undefined) return <EventStory key={data.id} event={data} onBack={back} />
  return (
    <Detail title={text('event')} onBack={back}>
      {error === null ? <LoadingRows /> : <ErrorState error={error} onRetry={() => void refetch()} />}
    </Detail>
  )
}

/** Whoever closes an event goes on from the row where they came from. */
const focusList = () => document.querySelector<HTMLElement>('[role=grid] [role=row][tabindex="0"]')?.focus()
