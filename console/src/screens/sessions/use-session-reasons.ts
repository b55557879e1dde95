import type { Session } from '@propusk/client'
import { useQueries } from '@tanstack/react-query'
import { useMay } from '../../session/index.ts'
import { personQuery } from '../../ui/index.ts'
import { useReasonToLeaveOut } from '../users/bulk/left-out.tsx'

/** Why each of these sessions cannot be ended, by the rank of its person; undefined where it can, or nothing is known of them. */
export function useSessionReasons(sessions: readonly Session[]): (session: Session) => string | undefined {
  const may = useMay()
  const reasonOf = useReasonToLeaveOut('end_sessions')
  const ids = [...new Set(sessions.map(({ user_id }) => user_id))]
  const enabled = may('users', 'read')
  const answers = useQueries({ queries: ids.map(id => ({ ...personQuery(id), enabled })) })
  const people = new Map(answers.map(({ data }) => [data?.id, data]))
  return ({ user_id }) => {
    const person = people.get(user_id)
    return person && reasonOf(person)
  }
}
