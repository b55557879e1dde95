import type { OperationId, Operations } from '@propusk/client'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { api } from '../session/index.ts'

export interface RowCount {
  readonly rows: number
  /** False where there are more. */
  readonly is_exact: boolean
}

interface Page<Row> {
  readonly next: string | null
  readonly count?: RowCount
  readonly results: readonly Row[]
}

/** The operations that answer a page of rows. */
export type ListId = {
  [Id in OperationId]: Operations[Id]['success'] extends Page<unknown> ? Id : never
}[OperationId]

export type RowOf<Id extends ListId> = Operations[Id]['success']['results'][number]

export type Filters = Readonly<Record<string, string | number | boolean | undefined>>

export interface List<Row> {
  readonly rows: readonly Row[]
  /** What was asked for, and how many pages of the answer are loaded: rows that come while both stay are new ones. */
  readonly question: string
  readonly pages: number
  readonly isLoading: boolean
  /** Whether the rows are those of an earlier question, while the answer to this one is on its way. */
  readonly isStale: boolean
  readonly error: unknown
  readonly hasMore: boolean
  readonly isLoadingMore: boolean
  /** How long the whole list is, where it was asked and the server can say so. */
  readonly count?: RowCount | undefined
  more(): void
  retry(): void
}

const rowsPerPage = 100

/** The list of an operation, page after page. `key` is the first word of its queries, by which they are read again. */
export function useList<Id extends ListId>(
  key: string,
  id: Id,
  filters: Filters = {},
  { isOn = true, counts = false } = {},
): List<RowOf<Id>> {
  const query = useInfiniteQuery({
    queryKey: counts ? [key, id, filters, 'counted'] : [key, id, filters],
    enabled: isOn,
    initialPageParam: undefined as string | undefined,
    queryFn: async ({ pageParam: cursor, signal }) =>
      (await api.call(id, {
        query: {
          limit: rowsPerPage,
          ...filters,
          cursor,
          ...(counts && cursor === undefined && { count: true }),
        },
        signal,
      } as never)) as Page<RowOf<Id>>,
    getNextPageParam: ({ next }) => cursorOf(next),
    placeholderData: keepPreviousData,
  })
  const rows = useMemo(() => query.data?.pages.flatMap(page => page.results) ?? [], [query.data])
  return {
    rows,
    question: JSON.stringify(filters),
    pages: query.data?.pages.length ?? 0,
    isLoading: query.isPending && isOn,
    isStale: query.isPlaceholderData,
    error: query.isError && query.data === undefined ? query.error : undefined,
    hasMore: query.hasNextPage,
    isLoadingMore: query.isFetchingNextPage,
    count: query.data?.pages[0]?.count,
    more: () => {
      if (query.hasNextPage && !query.isFetchingNextPage) void query.fetchNextPage()
    },
    retry: () => void query.refetch(),
  }
}

/** A list names its next page by path and query; only the cursor of it is needed. */
const cursorOf = (next: string | null): string | undefined =>
  next === null ? undefined : (new URLSearchParams(next.split('?', 2)[1]).get('cursor') ?? undefined)

/** The most that a page of the API holds. */
const mostPerPage = 200

/** Every row of a list, page after page. For lists that have some hundred rows. */
export async function listAll<Id extends ListId>(
  id: Id,
  filters: Filters,
  signal?: AbortSignal,
): Promise<readonly RowOf<Id>[]> {
  const rows: RowOf<Id>[] = []
  let cursor: string | undefined
  do {
    const query = { limit: mostPerPage, ...filters, cursor }
    const page = (await api.call(id, { query, ...(signal && { signal }) } as never)) as Page<RowOf<Id>>
    rows.push(...page.results)
    cursor = cursorOf(page.next)
  } while (cursor !== undefined)
  return rows
}
