import type { AuditEvent } from '@propusk/client'
import { useQueryClient } from '@tanstack/react-query'
import { useAuditEvents } from '../../../live/index.ts'
import { useList } from '../../../ui/index.ts'

export interface Trail {
  readonly events: readonly AuditEvent[]
  readonly isLoading: boolean
  readonly error: unknown
  readonly hasMore: boolean
  more(): void
  retry(): void
}

/** What was done to somebody and what they did, as one story, newest first. The server lists each by itself. */
export function useTrail(userId: number): Trail {
  const target = `users/${userId}`
  const queries = useQueryClient()
  const done = useList('audit', 'listAuditEvents', { target })
  const did = useList('audit', 'listAuditEvents', { actor: userId })
  useAuditEvents(event => {
    if (event.target === target || event.actor?.id === userId) {
      void queries.invalidateQueries({ queryKey: ['audit'] })
    }
  })

  // Below the last event of a list that goes on, the other one may not be told yet: something would come in between.
  const horizon = Math.max(
    0,
    ...[done, did].filter(list => list.hasMore).map(list => list.rows.at(-1)?.id ?? 0),
  )
  const events = new Map([...done.rows, ...did.rows].map(event => [event.id, event]))
  return {
    events: [...events.values()].filter(({ id }) => id >= horizon).sort((a, b) => b.id - a.id),
    isLoading: done.isLoading || did.isLoading,
    error: done.error ?? did.error,
    hasMore: done.hasMore || did.hasMore,
    more() {
      for (const list of [done, did]) if (list.rows.at(-1)?.id === horizon) list.more()
    },
    retry() {
      done.retry()
      did.retry()
    },
  }
}
