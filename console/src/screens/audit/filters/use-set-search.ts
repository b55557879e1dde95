import { useNavigate } from '@tanstack/react-router'
import { useCallback } from 'react'
import type { AuditSearch } from './audit-search.ts'

export type SetSearch = (change: AuditSearch, how?: { readonly replace: boolean }) => void

/** Changes what narrows the list, in the address: each choice is a step for the browser's own back, typing is none. */
export function useSetSearch(): SetSearch {
  const navigate = useNavigate({ from: '/console/audit' })
  return useCallback(
    (change, { replace } = { replace: false }) =>
      void navigate({ to: '.', search: old => ({ ...old, ...change }), replace }),
    [navigate],
  )
}

/** Nothing that narrows. */
export const noFilters = {
  actor: undefined,
  action: undefined,
  kind: undefined,
  outcome: undefined,
  address: undefined,
  target: undefined,
  q: undefined,
  period: undefined,
  since: undefined,
  until: undefined,
} satisfies Record<keyof AuditSearch, undefined>
