import {
  IdParams,
  type ListSpec,
  listParameters,
  type Pager,
  pageSchema,
  type Route,
  route,
  Type,
} from '../http/index.ts'
import { Refusal, type SessionId, type UserId } from '../kernel/index.ts'
import { type EndUsersSessionDeps, endUsersSession } from './end-users-session.ts'
import { type OwnSessionDeps, ownSessionRoutes } from './own-session-routes.ts'
import { endedSessionExample, SessionBody, SessionEndBody, sessionExample, toSessionBody } from './schemas.ts'
import { type Session, settled } from './session.ts'
import type { SessionColumn } from './session-store.ts'

export interface SessionDeps extends OwnSessionDeps {
  readonly transaction: EndUsersSessionDeps['transaction']
  readonly pager: Pager
}

const tag = 'Sessions'
const permitted = { resource_name: 'sessions' } as const

const SessionListQuery = Type.Object(
  {
    ...listParameters,
    is_active: Type.Optional(Type.Boolean({ description: 'Only live sessions, or only ended ones.' })),
    user_id: Type.Optional(Type.Integer({ minimum: 1, description: 'Only sessions of this user.' })),
  },
  { additionalProperties: false },
)

const sessionList: ListSpec<Session, SessionColumn> = {
  path: '/api/auth/sessions/',
  orderings: {
    id: session => session.id,
    uuid: session => session.uuid,
    user_id: session => session.userId,
    ip_address: session => session.ipAddress,
    user_agent: session => session.userAgent,
    created_at: session => session.createdAtMs,
    last_used_at: session => session.lastUsedAtMs,
    expires_at: session => session.expiresAtMs,
    is_active: session => Number(session.isActive),
    ended_at: session => session.endedAtMs ?? 0,
    end_reason: session => session.endReason ?? '',
  },
  defaultOrdering: 'id',
  idOf: session => session.id,
}

export const sessionRoutes = (deps: SessionDeps): readonly Route[] => [
  ...ownSessionRoutes(deps),

  route({
    method: 'GET',
    path: '/sessions/',
    deprecatedPaths: ['/session/'],
    access: permitted,
    operationId: 'listSessions',
    tag,
    summary: 'List sessions',
    description: 'A page of everybody’s sessions, ended ones too.',
    query: SessionListQuery,
    success: {
      status: 200,
      description: 'One page.',
      schema: pageSchema(SessionBody, 'SessionPage'),
      example: { next: null, previous: null, results: [sessionExample] },
    },
    async handler({ query }) {
      const page = await deps.sessions.list(
        { isActive: query.is_active, userId: query.user_id as UserId | undefined },
        deps.pager.read(sessionList, query),
        deps.clock.nowMs(),
      )
      return deps.pager.answer(sessionList, query, page, toSessionBody)
    },
  }),

  route({
    method: 'GET',
    path: '/sessions/:id/',
    deprecatedPaths: ['/session/:id/'],
    access: permitted,
    operationId: 'readSession',
    tag,
    summary: 'Read a session',
    description: 'One session, live or ended.',
    params: IdParams,
    success: {
      status: 200,
      description: 'The session.',
      schema: SessionBody,
      example: sessionExample,
    },
    refusals: ['not_found'],
    async handler({ params }) {
      const session = await deps.sessions.findById(params.id as SessionId)
      if (session === undefined) throw new Refusal('not_found')
      return toSessionBody(settled(session, deps.clock.nowMs()))
    },
  }),

  route({
    method: 'PATCH',
    path: '/sessions/:id/',
    deprecatedPaths: ['/session/:id/'],
    access: permitted,
    operationId: 'endSession',
    tag,
    summary: 'End a session',
    description:
      'Ends the session: its tokens are refused from the very next request. Nothing else of a session can change, and an ended one stays ended. A session of an account that holds a permission the caller lacks is out of reach.',
    params: IdParams,
    body: SessionEndBody,
    bodyExample: { is_active: false },
    success: {
      status: 200,
      description: 'The session, over.',
      schema: SessionBody,
      example: endedSessionExample,
    },
    refusals: ['not_found'],
    async handler({ principal, params, origin }) {
      return toSessionBody(await endUsersSession(deps, { principal, origin, id: params.id as SessionId }))
    },
  }),

  route({
    method: 'DELETE',
    path: '/sessions/:id/',
    deprecatedPaths: ['/session/:id/'],
    access: permitted,
    operationId: 'deleteSession',
    tag,
    summary: 'End a session',
    description: 'Ends the session like `PATCH` does; the row stays. Ending an ended one is harmless.',
    params: IdParams,
    success: { status: 204, description: 'The session is over.' },
    refusals: ['not_found'],
    async handler({ principal, params, origin }) {
      await endUsersSession(deps, { principal, origin, id: params.id as SessionId })
    },
  }),
]
