import type { ExportRows } from '../exports/index.ts'
import { IdParams, listParameters, type Pager, pageSchema, type Route, route, Type } from '../http/index.ts'
import { Rejection, type SessionRowId, type UserId } from '../kernel/index.ts'
import { type EndEverybodyDeps, endEverybody } from './end-everybody.ts'
import { type EndUsersSessionDeps, endUsersSession } from './end-users-session.ts'
import { type OwnSessionDeps, ownSessionRoutes } from './own-session-routes.ts'
import {
  EndEverybodyBody,
  EndedEverybodyBody,
  endedSessionExample,
  SessionBody,
  SessionEndBody,
  sessionExample,
  toSessionBody,
} from './schemas.ts'
import { settled } from './session.ts'
import { sessionExportRoutes } from './session-export-routes.ts'
import { sessionFilters, sessionList } from './session-list-schemas.ts'

export interface SessionDeps extends OwnSessionDeps {
  readonly transaction: EndUsersSessionDeps['transaction'] & EndEverybodyDeps['transaction']
  readonly pager: Pager
  readonly exportRows: ExportRows
}

const tag = 'Sessions'
const permitted = { resource_name: 'sessions' } as const

const SessionListQuery = Type.Object(
  { ...listParameters, ...sessionFilters },
  { additionalProperties: false },
)

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

  ...sessionExportRoutes(deps),

  route({
    method: 'POST',
    path: '/sessions/end_all/',
    access: { resource_name: 'sessions', action: 'delete' },
    operationId: 'endAllSessions',
    tag,
    summary: 'Sign everybody out',
    description:
      'Ends every session there is, the caller’s own excepted: from this answer on none of their tokens is good for anything. For superusers alone. The rows follow, some thousands in each call: while `remaining` is true, call again with the `id` of the answer; what nobody asks for the server does by itself within minutes. Without an `id` it is done anew, to whoever has signed in since as well.',
    body: EndEverybodyBody,
    bodyExample: {},
    success: {
      status: 200,
      description: 'Everybody is signed out.',
      schema: EndedEverybodyBody,
      example: { id: 1, ended: 2000, remaining: true },
    },
    rejections: ['not_found'],
    handler: ({ principal, origin, body }) => endEverybody(deps, { principal, origin, id: body.id }),
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
    rejections: ['not_found'],
    async handler({ params }) {
      const session = await deps.sessions.findById(params.id as SessionRowId)
      if (session === undefined) throw new Rejection('not_found')
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
    rejections: ['not_found'],
    async handler({ principal, params, origin }) {
      return toSessionBody(await endUsersSession(deps, { principal, origin, id: params.id as SessionRowId }))
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
    rejections: ['not_found'],
    async handler({ principal, params, origin }) {
      await endUsersSession(deps, { principal, origin, id: params.id as SessionRowId })
    },
  }),
]
