import { useSearch } from '@tanstack/react-router'
import { useMemo } from 'react'
import { boundsOf } from './periods.ts'

/** What narrows the audit, as it stands in the address of the page. */
export interface AuditSearch {
  readonly actor?: string | undefined
  readonly action?: string | undefined
  readonly kind?: string | undefined
  readonly outcome?: string | undefined
  /** A network address. */
  readonly address?: string | undefined
  readonly target?: string | undefined
  /** Words. */
  readonly q?: string | undefined
  /** Such as `yesterday`, seen from today. Without it the instants `since` and `until` say when. */
  readonly period?: string | undefined
  readonly since?: string | undefined
  readonly until?: string | undefined
}

/** The same as the API takes it. */
export interface AuditQuery {
  readonly actor?: string | undefined
  readonly action?: string | undefined
  readonly kind?: string | undefined
  readonly outcome?: string | undefined
  readonly ip_address?: string | undefined
  readonly target?: string | undefined
  readonly search?: string | undefined
  readonly since?: string | undefined
  readonly until?: string | undefined
}

const toAuditQuery = ({ address, q, period, since, until, ...rest }: AuditSearch, now: Date): AuditQuery => ({
  ...rest,
  ...(address !== undefined && { ip_address: address }),
  ...(q !== undefined && { search: q }),
  ...boundsOf({ period, since, until }, now),
})

/** What narrows the list now. A period such as «today» moves on with the day, not with every moment. */
export function useAuditQuery(): AuditQuery {
  const search = useSearch({ from: '/console/audit' })
  const today = new Date().toDateString()
  // biome-ignore lint/correctness/useExhaustiveDependencies: «today» is another day tomorrow.
  return useMemo(() => toAuditQuery(search, new Date()), [search, today])
}
