import {
  type ListSpec,
  listParameters,
  type Pager,
  pageSchema,
  type Route,
  route,
  Type,
} from '../http/index.ts'
import { type EpochMs, fromRfc3339, type UserId } from '../kernel/index.ts'
import { type AuditEvent, type AuditLog, auditActions } from './audit-log.ts'
import { AuditEventBody, auditEventExample, toAuditEventBody } from './schemas.ts'

export interface AuditDeps {
  readonly audit: AuditLog
  readonly pager: Pager
}

const InstantFilter = (description: string) =>
  Type.Optional(Type.String({ format: 'date-time', maxLength: 40, description }))

const AuditListQuery = Type.Object(
  {
    ...listParameters,
    actor: Type.Optional(Type.Integer({ minimum: 1, description: 'Only what the user with this id did.' })),
    action: Type.Optional(
      Type.String({ minLength: 1, maxLength: 100, description: `One of ${auditActions.join(', ')}.` }),
    ),
    target: Type.Optional(
      Type.String({ minLength: 1, maxLength: 200, description: 'What it was done to, such as `users/5`.' }),
    ),
    since: InstantFilter('Not before this instant (RFC 3339).'),
    until: InstantFilter('Before this instant (RFC 3339).'),
  },
  { additionalProperties: false },
)

const auditList: ListSpec<AuditEvent, 'id' | 'at'> = {
  path: '/api/auth/audit/',
  orderings: { id: event => event.id, at: event => event.atMs },
  defaultOrdering: '-at',
  idOf: event => event.id,
}

export const auditRoutes = ({ audit, pager }: AuditDeps): readonly Route[] => [
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
      const filter = {
        actorId: query.actor as UserId | undefined,
        action: query.action,
        target: query.target,
        sinceMs: toEpochMs(query.since),
        untilMs: toEpochMs(query.until),
      }
      const page = await audit.list(filter, pager.read(auditList, query))
      return pager.answer(auditList, query, page, toAuditEventBody)
    },
  }),
]

const toEpochMs = (instant: string | undefined): EpochMs | undefined =>
  instant === undefined ? undefined : fromRfc3339(instant)
