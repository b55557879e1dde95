import { queryOptions } from '@tanstack/react-query'
import type { api } from '../../session/index.ts'

const renewMs = 30_000

/** Every node of the server, asked for once by all parts of the page. */
export const nodesQuery = (client: typeof api) =>
  queryOptions({
    queryKey: ['server', 'nodes'],
    refetchInterval: renewMs,
    queryFn: ({ signal }) => client.call('listNodes', { signal }),
  })
