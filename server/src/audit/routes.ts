import { type ExportCell, type ExportRows, exportParameters, splitQuery } from '../exports/index.ts'
import {
  freshly,
  IdParams,
  listParameters,
  type Pager,
  pageSchema,
  type Route,
  route,
  Type,
  tableSuccess,
  walkList,
} from '../http/index.ts'
import { Rejection, toRfc3339 } from '../kernel/index.ts'
import type { AuditEvent } from './audit-event.ts'
import type { AuditLog } from './audit-log.sql.ts'
import {
  AuditEventBody,
  auditEventExample,
  auditFilters,
  auditList,
  toAuditEventBody,
  toAuditFilter,
} from './schemas.ts'

interface AuditDeps {
  readonly audit: AuditLog
  readonly pager: Pager
  readonly exportRows: ExportRows
}

const AuditListQuery = Type.Object({ ...listParameters, ...auditFilters }, { additionalProperties: false })

export const auditRoutes = ({ audit, pager, exportRows }: AuditDeps): readonly Route[] => [
  route({
    method: 'GET',
    path: '/audit/',
    access: { resource_name: 'audit' },
    operationId: 'listAuditEvents',
    tag: 'Audit',
    summary: 'Read the audit',
    description:
      'What happened, by whom and to what: newest first, or by `id` or `at`. Nothing in it can be changed or deleted.',
    query: AuditListQuery,
    success: {
      status: 200,
      description: 'One page.',
      schema: pageSchema(AuditEventBody, 'AuditPage'),
      example: { next: null, previous: null, results: [auditEventExample] },
    },
    async handler({ query }) {
      const page = await audit.list(toAuditFilter(query), pager.read(auditList, query))
      return pager.answer(auditList, query, page, toAuditEventBody)
    },
  }),

  ...auditExportRoutes({ audit, pager, exportRows }),

  route({
    method: 'GET',
    path: '/audit/:id/',
    access: { resource_name: 'audit' },
    operationId: 'readAuditEvent',
    tag: 'Audit',
    summary: 'Read an event of the audit',
    description: 'One event, so that its address can be passed on.',
    params: IdParams,
    success: {
      status: 200,
      description: 'The event.',
      schema: AuditEventBody,
      example: auditEventExample,
    },
    rejections: ['not_found'],
    async handler({ params }) {
      const event = await audit.findById(params.id)
      if (event === undefined) throw new Rejection('not_found')
      return toAuditEventBody(event)
    },
  }),
]

interface AuditExportDeps {
  /** Committed rows. */
  readonly audit: AuditLog
  readonly pager: Pager
  readonly exportRows: ExportRows
}

const header = [
  ...['id', 'at', 'actor_id', 'actor_email', 'action', 'target', 'outcome', 'ip_address', 'user_agent'],
  'details',
]

const toCells = (event: AuditEvent): readonly ExportCell[] => [
  ...[event.id, toRfc3339(event.atMs), event.actor?.id ?? null, event.actor?.email ?? null],
  ...[event.action, event.target, event.outcome, event.ipAddress, event.userAgent],
  event.details,
]

const auditExportRoutes = ({ audit, pager, exportRows }: AuditExportDeps): readonly Route[] => [
  route({
    method: 'GET',
    path: '/audit/export/',
    access: { resource_name: 'audit' },
    operationId: 'exportAuditEvents',
    stepUp: freshly,
    tag: 'Audit',
    summary: 'Export the audit',
    description:
      'Every event of the list, the newest first, as a table in CSV (RFC 4180, UTF-8 with a byte order mark) or as lines of JSON: the columns of the row, details as JSON. In CSV a text that a spreadsheet would run as a formula gets an apostrophe. The export is itself an event (`data.export`).',
    query: Type.Object({ ...auditFilters, ...exportParameters }, { additionalProperties: false }),
    success: tableSuccess('audit', {
      csv: `"id","at","actor_id","actor_email","action","target","outcome","ip_address","user_agent","details"\r\n9120,"2026-03-14T10:30:11.902Z",1,"mr.englishcat@gmail.com","user.deactivate","users/52","success","203.0.113.24","curl/8.16.0","{""sessions_ended"":2}"\r\n`,
      jsonl: `${JSON.stringify({ id: 9120, action: 'user.deactivate', details: { sessions_ended: 2 } })}\n`,
    }),
    rejections: ['too_many_requests'],
    handler({ principal, origin, query }) {
      const { filters, shape } = splitQuery(query, header)
      const filter = toAuditFilter(filters)
      const pages = walkList(auditList, pager.read(auditList, {}), page => audit.list(filter, page))
      return exportRows({ principal, origin, what: 'audit', filters }, { header, shape, pages, toCells })
    },
  }),
]
