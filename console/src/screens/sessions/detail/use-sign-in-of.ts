import type { AuditEvent, Session } from '@propusk/client'
import { useQuery } from '@tanstack/react-query'
import { api, useMay } from '../../../session/index.ts'

/** The session and its event have one instant, but for the time that writing them takes. */
const aroundMs = 2_000

/** The event of the sign-in that began a session: it is about the person, and names the session in its details. */
export function useSignInOf({ id, user_id, created_at }: Session): AuditEvent | undefined {
  const may = useMay()
  const startMs = new Date(created_at).getTime()
  const { data } = useQuery({
    queryKey: ['audit', 'listAuditEvents', 'sign-in', id],
    enabled: may('audit', 'read'),
    queryFn: async ({ signal }) => {
      const since = new Date(startMs - aroundMs).toISOString()
      const until = new Date(startMs + aroundMs).toISOString()
      const query = { target: `users/${user_id}`, since, until }
      const { results } = await api.call('listAuditEvents', { query, signal })
      return results.find(({ details }) => details.session_id === id) ?? null
    },
  })
  return data ?? undefined
}
