import type { ExportRows } from '../exports/index.ts'
import { IdParams, listParameters, type Pager, pageSchema, type Route, route, Type } from '../http/index.ts'
import { Rejection } from '../kernel/index.ts'
import { auditExportRoutes } from './audit-export-routes.ts'
import { auditFilters, auditList, toAuditFilter } from './audit-list-schemas.ts'
import type { AuditLog } from './audit-log.ts'
import { AuditEventBody, auditEventExample, toAuditEventBody } from './schemas.ts'

export interface AuditDeps {
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
