import type { ForwardRule } from '@propusk/client'
import { useQuery } from '@tanstack/react-query'
import { api, type WithVersion, withVersion } from '../../session/index.ts'

export const readRule = (id: number, signal?: AbortSignal): Promise<WithVersion<ForwardRule>> =>
  withVersion(api.callVersioned('readForwardRule', { params: { id }, ...(signal && { signal }) }))

/** One rule with its version, as it is when its form opens. */
export const useRule = (id: number) =>
  useQuery({
    queryKey: ['forward_rules', 'readForwardRule', id],
    queryFn: ({ signal }) => readRule(id, signal),
    gcTime: 0,
  })
