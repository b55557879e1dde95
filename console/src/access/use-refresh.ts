import { useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'

type ResourceName =
  | 'users'
  | 'sessions'
  | 'roles'
  | 'resources'
  | 'actions'
  | 'api_keys'
  | 'forward_rules'
  | 'invitations'
  | 'mail'
  | 'access'
  | 'audit'
  | 'statistics'

/** Reads again what a write of one's own has made old; what others write comes with the server's events. */
export function useRefresh(): (...resources: readonly ResourceName[]) => Promise<void> {
  const queries = useQueryClient()
  return useCallback(
    async (...resources) => {
      await Promise.all(resources.map(resource => queries.invalidateQueries({ queryKey: [resource] })))
    },
    [queries],
  )
}
