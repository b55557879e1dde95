import { useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'

type Room =
  | 'users'
  | 'sessions'
  | 'roles'
  | 'resources'
  | 'actions'
  | 'api_keys'
  | 'access'
  | 'audit'
  | 'statistics'

/** Reads again what a write of one's own has made old; what others write is told by the server's events. */
export function useRefresh(): (...rooms: readonly Room[]) => Promise<void> {
  const queries = useQueryClient()
  return useCallback(
    async (...rooms) => {
      await Promise.all(rooms.map(room => queries.invalidateQueries({ queryKey: [room] })))
    },
    [queries],
  )
}
