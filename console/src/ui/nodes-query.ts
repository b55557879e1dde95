import { queryOptions } from '@tanstack/react-query'
import { api } from '../session/index.ts'

const renewMs = 30_000

/** Every node of the server, asked for once by all parts of all pages. */
export const nodesQuery = queryOptions({
  queryKey: ['server', 'nodes'],
  refetchInterval: renewMs,
  queryFn: ({ signal }) => api.call('listNodes', { signal }),
})
