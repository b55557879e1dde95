import { useNavigate, useParams } from '@tanstack/react-router'
import { Detail, ErrorState, LoadingRows } from '../../ui/index.ts'
import { useUser } from './detail/use-user.ts'
import { UserStory } from './detail/user-story.tsx'
import { useUsersText } from './messages.ts'

/** A person at the right of the list, or why there is none. */
export function UserDetail() {
  const text = useUsersText()
  const { id } = useParams({ from: '/console/users/$id' })
  const navigate = useNavigate()
  const { data, error, refetch } = useUser(Number(id))
  const back = () => {
    void navigate({ to: '/console/users', search: true }).then(focusList)
  }
  if (data !== undefined) return <UserStory key={data.id} user={data} onBack={back} />
  return (
    <Detail title={text('person')} onBack={back}>
      {error === null ? <LoadingRows /> : <ErrorState error={error} onRetry={() => void refetch()} />}
    </Detail>
  )
}

/** Whoever closes a person goes on from the row where they came from. */
const focusList = () => document.querySelector<HTMLElement>('[role=grid] [role=row][tabindex="0"]')?.focus()
