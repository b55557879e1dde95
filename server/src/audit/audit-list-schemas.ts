import { type ListSpec, Type } from '../http/index.ts'
import { type EpochMs, fromRfc3339, type UserId } from '../kernel/index.ts'
import { type AuditEvent, type AuditFilter, auditActions } from './audit-log.ts'

const InstantFilter = (description: string) =>
  Type.Optional(Type.String({ format: 'date-time', maxLength: 40, description }))

/** What the list and its export can be narrowed down by. */
export const auditFilters = {
  actor: Type.Optional(Type.Integer({ minimum: 1, description: 'Only what the user with this id did.' })),
  action: Type.Optional(
    Type.String({ minLength: 1, maxLength: 100, description: `One of ${auditActions.join(', ')}.` }),
  ),
  target: Type.Optional(
    Type.String({ minLength: 1, maxLength: 200, description: 'What it was done to, such as `users/5`.' }),
  ),
  since: InstantFilter('Not before this instant (RFC 3339).'),
  until: InstantFilter('Before this instant (RFC 3339).'),
}

interface AuditQuery {
  readonly actor?: number
  readonly action?: string
  readonly target?: string
  readonly since?: string
  readonly until?: string
}

export const toAuditFilter = (query: AuditQuery): AuditFilter => ({
  actorId: query.actor as UserId | undefined,
  action: query.action,
  target: query.target,
  sinceMs: toEpochMs(query.since),
  untilMs: toEpochMs(query.until),
})

const toEpochMs = (instant: string | undefined): EpochMs | undefined =>
  instant === undefined ? undefined : fromRfc3339(instant)

export const auditList: ListSpec<AuditEvent, 'id' | 'at'> = {
  path: '/api/auth/audit/',
  orderings: { id: event => event.id, at: event => event.atMs },
  defaultOrdering: '-at',
  idOf: event => event.id,
}
