import { useNavigate, useParams } from '@tanstack/react-router'
import { Detail, ErrorState, LoadingRows } from '../../ui/index.ts'
import { SessionStory } from './detail/session-story.tsx'
import { useSessionRow } from './detail/use-session-row.ts'
import { useSessionsText } from './messages.ts'

/** A session at the right of the list, or why there is none. */
export function SessionDetail() {
  const text = useSessionsText()
  const { id } = useParams({ from: '/console/sessions/$id' })
  const navigate = useNavigate()
  const { data, error, refetch } = useSessionRow(Number(id))
  const back = () => {
    void navigate({ to: '/console/sessions', search: true }).then(focusList)
  }
  if (data !== undefined) return <SessionStory key={data.id} session={data} onBack={back} />
  return (
    <Detail title={text('session')} onBack={back}>
      {error === null ? <LoadingRows /> : <ErrorState error={error} onRetry={() => void refetch()} />}
    </Detail>
  )
}

/** Whoever closes a session goes on from the row where they came from. */
const focusList = () => document.querySelector<HTMLElement>('[role=grid] [role=row][tabindex="0"]')?.focus()
