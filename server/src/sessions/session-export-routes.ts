import { type CsvCell, type ExportRows, separatorOf, separatorParameter } from '../exports/index.ts'
import { csvSuccess, type Pager, type Route, route, Type, walkList } from '../http/index.ts'
import type { Clock, UserId } from '../kernel/index.ts'
import { toSessionBody } from './schemas.ts'
import type { Session } from './session.ts'
import { sessionFilters, sessionList } from './session-list-schemas.ts'
import type { SessionStore } from './session-store.sql.ts'

export interface SessionExportDeps {
  /** Committed rows. */
  readonly sessions: SessionStore
  readonly clock: Clock
  readonly pager: Pager
  readonly exportRows: ExportRows
}

const header = [
  ...['id', 'uuid', 'user_id', 'ip_address', 'user_agent', 'created_at', 'last_used_at', 'expires_at'],
  ...['is_active', 'ended_at', 'end_reason'],
]

function toCells(session: Session): readonly CsvCell[] {
  const body = toSessionBody(session)
  return [
    ...[body.id, body.uuid, body.user_id, body.ip_address, body.user_agent],
    ...[body.created_at, body.last_used_at, body.expires_at],
    ...[body.is_active, body.ended_at, body.end_reason],
  ]
}

export const sessionExportRoutes = (deps: SessionExportDeps): readonly Route[] => [
  route({
    method: 'GET',
    path: '/sessions/export/',
    access: { resource_name: 'sessions' },
    operationId: 'exportSessions',
    tag: 'Sessions',
    summary: 'Export sessions',
    description:
      'Every session of the list, the newest first, as a table in CSV (RFC 4180, UTF-8 with a byte order mark): the columns of the row. A text that a spreadsheet would run as a formula gets an apostrophe. The export stands in the audit (`data.export`).',
    query: Type.Object({ ...sessionFilters, separator: separatorParameter }, { additionalProperties: false }),
    success: csvSuccess(
      'sessions.csv',
      `"id","uuid","user_id","ip_address","user_agent","created_at","last_used_at","expires_at","is_active","ended_at","end_reason"\r\n301,"0195a3c2-7d1e-7c40-9f5b-2a61c4d8e0b7",52,"203.0.113.24","curl/8.16.0","2026-03-14T06:55:02.417Z","2026-03-14T09:12:40.008Z","2026-03-15T06:55:02.417Z",true,,\r\n`,
    ),
    rejections: ['too_many_requests'],
    handler({ principal, origin, query: { separator, ...query } }) {
      // Those that begin meanwhile stand before the first page: an export of a busy server has an end.
      const request = deps.pager.read(sessionList, { ordering: '-id' })
      const filter = { isActive: query.is_active, userId: query.user_id as UserId | undefined }
      const nowMs = deps.clock.nowMs()
      const pages = walkList(sessionList, request, page => deps.sessions.list(filter, page, nowMs))
      return deps.exportRows(
        { principal, origin, what: 'sessions', filters: query },
        { header, separator: separatorOf(separator), pages, toCells },
      )
    },
  }),
]
