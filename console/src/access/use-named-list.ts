import { useMemo, useState } from 'react'
import type { List, RowOf } from '../ui/use-list.ts'
import { useEntryName } from './entry-names.ts'
import { finds, textsOf } from './entry-search.ts'
import { naturally } from './natural-order.ts'
import { useWholeList } from './use-whole-list.ts'

const operations = { roles: 'listRoles', resources: 'listResources', actions: 'listActions' } as const

type Kind = keyof typeof operations
type RowOfKind<K extends Kind> = RowOf<(typeof operations)[K]>

interface Named {
  readonly code_name: string
  readonly name: string
  readonly description: string | null
}

interface Asked {
  readonly search?: string | undefined
  /** `name`, `code_name` or `description`, with `-` before it for descending. */
  readonly ordering: string
  readonly isOn?: boolean
}

/** So many rows are shown at first, and with each «more»: a grid draws all of its rows. */
const step = 100

/**
 * Roles, resources or actions as they are called in the language that is shown: found by these names and ordered by them, as
 * numbers are counted. The server, whose own entries have English names, cannot; and there are some hundred of them, so
 * that all are read.
 */
export function useNamedList<K extends Kind>(
  kind: K,
  { search = '', ordering, isOn = true }: Asked,
): List<RowOfKind<K>> {
  const { data, error, isPending, refetch } = useWholeList(kind, operations[kind], { isOn })
  const nameOfEntry = useEntryName()
  const [most, setMost] = useState(step)
  const found = useMemo(() => {
    const isRole = kind === 'roles'
    const textsOfRow = (row: Named) => (isRole ? [row.name, row.code_name] : textsOf(row))
    const textOf = textOfOrdering(ordering.replace('-', ''), isRole ? row => row.name : nameOfEntry)
    const sign = ordering.startsWith('-') ? -1 : 1
    return (data ?? [])
      .filter(row => finds(search, ...textsOfRow(row)))
      .toSorted((a, b) => sign * naturally(textOf(a), textOf(b)))
  }, [kind, data, search, ordering, nameOfEntry])
  return {
    rows: useMemo(() => found.slice(0, most), [found, most]),
    question: `${kind} ${ordering} ${search}`,
    pages: Math.ceil(most / step),
    isLoading: isPending && isOn,
    isStale: false,
    error: data === undefined && error !== null ? error : undefined,
    hasMore: found.length > most,
    isLoadingMore: false,
    more: () => setMost(most + step),
    retry: () => void refetch(),
  }
}

function textOfOrdering(column: string, nameOf: (row: Named) => string): (row: Named) => string {
  if (column === 'code_name') return row => row.code_name
  if (column === 'description') return row => row.description ?? ''
  return nameOf
}
