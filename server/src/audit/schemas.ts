import { canonicalAddress } from '../addresses/index.ts'
import { Instant, type ListSpec, NullableText, Type } from '../http/index.ts'
import { type EpochMs, fromRfc3339, toRfc3339, type UserId } from '../kernel/index.ts'
import {
  type AuditEvent,
  type AuditFilter,
  type AuditKind,
  type AuditOutcome,
  auditActions,
  auditKinds,
  auditOutcomes,
  searchedEvents,
} from './audit-event.ts'

export const AuditEventBody = Type.Object(
  {
    id: Type.Integer(),
    at: Instant,
    actor: Type.Union([Type.Object({ id: Type.Integer(), email: Type.String() }), Type.Null()], {
      description:
        'Who did it; null for the command line, for the server itself, and for a person who was not signed in: of a sign-in that failed `ip_address` says from where, and `target` names the account, where there is one.',
    }),
    action: Type.String(),
    target: Type.Union([Type.String(), Type.Null()], {
      description: 'What it was done to, such as `users/5`.',
    }),
    outcome: Type.Union([Type.Literal('success'), Type.Literal('denied'), Type.Literal('failure')]),
    ip_address: NullableText,
    user_agent: NullableText,
    details: Type.Unsafe<Record<string, unknown>>({ type: 'object', additionalProperties: {} }),
  },
  { $id: 'AuditEvent' },
)

export const toAuditEventBody = (event: AuditEvent) => ({
  id: event.id,
  at: toRfc3339(event.atMs),
  actor: event.actor && { id: event.actor.id, email: event.actor.email },
  action: event.action,
  target: event.target,
  outcome: event.outcome,
  ip_address: event.ipAddress,
  user_agent: event.userAgent,
  details: { ...event.details },
})

export const auditEventExample = {
  id: 9120,
  at: '2026-03-14T10:30:11.902Z',
  actor: { id: 1, email: 'mr.englishcat@gmail.com' },
  action: 'user.update',
  target: 'users/52',
  outcome: 'success',
  ip_address: '203.0.113.24',
  user_agent: 'Mozilla/5.0 (X11; Linux x86_64; rv:136.0) Gecko/20100101 Firefox/136.0',
  details: { roles: { from: ['user'], to: ['supervisor', 'user'] } },
}

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
  outcome: Type.Optional(
    Type.Union(
      auditOutcomes.map(outcome => Type.Literal(outcome)),
      { description: 'Only what came out so.' },
    ),
  ),
  kind: Type.Optional(
    Type.Union(
      auditKinds.map(kind => Type.Literal(kind)),
      {
        description:
          'Events that belong together: `role_changes` are roles given to people and taken from them; `access_changes` are those and all else that changes who may do what; `incidents` are what an administrator should look at.',
      },
    ),
  ),
  ip_address: Type.Optional(
    Type.String({ minLength: 1, maxLength: 64, description: 'Only what came from this network address.' }),
  ),
  search: Type.Optional(
    Type.String({
      maxLength: 150,
      description: `Words, each of them in the details, the address, the target, or a name of who did it or of whom or what it was done to; in any case. Of the events that fit the other filters the newest ${searchedEvents.toLocaleString('en')} are searched: for older ones give \`until\`.`,
    }),
  ),
}

interface AuditQuery {
  readonly actor?: number
  readonly action?: string
  readonly target?: string
  readonly since?: string
  readonly until?: string
  readonly outcome?: AuditOutcome
  readonly kind?: AuditKind
  readonly ip_address?: string
  readonly search?: string
}

export const toAuditFilter = (query: AuditQuery): AuditFilter => ({
  actorId: query.actor as UserId | undefined,
  action: query.action,
  target: query.target,
  sinceMs: toEpochMs(query.since),
  untilMs: toEpochMs(query.until),
  outcome: query.outcome,
  kind: query.kind,
  ipAddress: query.ip_address && (canonicalAddress(query.ip_address) ?? query.ip_address),
  search: query.search?.trim() || undefined,
})

const toEpochMs = (instant: string | undefined): EpochMs | undefined =>
  instant === undefined ? undefined : fromRfc3339(instant)

export const auditList: ListSpec<AuditEvent, 'id' | 'at'> = {
  path: '/api/auth/audit/',
  orderings: { id: event => event.id, at: event => event.atMs },
  defaultOrdering: '-at',
  idOf: event => event.id,
}
