import { type ExportScope, useList } from '../../ui/index.ts'
import type { AuditQuery } from './filters/audit-search.ts'
import { useFilterWords } from './filters/use-filter-words.ts'

/** The columns of server/src/audit/routes.ts. */
const columns = [
  ...['id', 'at', 'actor_id', 'actor_email', 'action', 'target', 'outcome', 'ip_address', 'user_agent'],
  'details',
]

/** What an export of the list as it is narrowed now would hold. */
export function useExportScope(narrowing: AuditQuery): ExportScope {
  // The query of the list itself, which is read but once.
  const { rows, hasMore } = useList('audit', 'listAuditEvents', { ...narrowing })
  const filters = useFilterWords()
  return { columns, filters: filters.map(({ words }) => words), rows: { count: rows.length, hasMore } }
}
