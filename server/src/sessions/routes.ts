import { type CsvCell, type ExportRows, exportParameters, splitQuery } from '../exports/index.ts'
import {
  countedPageSchema,
  countParameter,
  freshly,
  IdParams,
  type ListSpec,
  listParameters,
  type Pager,
  type Route,
  route,
  Type,
  tableSuccess,
  toCountBody,
  walkList,
} from '../http/index.ts'
import { Rejection, type SessionRowId, type UserId } from '../kernel/index.ts'
import { type EndEverybodyDeps, endEverybody } from './end-everybody.ts'
import { type EndUsersSessionDeps, endAllButOne, endUsersSession } from './end-session.ts'
import { type OwnSessionDeps, ownSessionRoutes } from './own-session-routes.ts'
import {
  EndEverybodyBody,
  EndedEverybodyBody,
  EndedOthersBody,
  endedSessionExample,
  SessionBody,
  SessionEndBody,
  sessionExample,
  toSessionBody,
} from './schemas.ts'
import { type Session, type SessionColumn, sessionAsOf } from './session.ts'

interface SessionDeps extends OwnSessionDeps {
  readonly transaction: EndUsersSessionDeps['transaction'] & EndEverybodyDeps['transaction']
  readonly pager: Pager
  readonly exportRows: ExportRows
}

const tag = 'Sessions'
const permitted = { resource_name: 'sessions' } as const

/** What the list and its export can be narrowed down by. */
const sessionFilters = {
  is_active: Type.Optional(Type.Boolean({ description: 'Only live sessions, or only ended ones.' })),
  user_id: Type.Optional(Type.Integer({ minimum: 1, description: 'Only sessions of this user.' })),
}

export const sessionList: ListSpec<Session, SessionColumn> = {
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

const SessionListQuery = Type.Object(
  { ...listParameters, count: countParameter, ...sessionFilters },
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
    description: 'A page of the sessions of all users, ended ones too.',
    query: SessionListQuery,
    success: {
      status: 200,
      description: 'One page.',
      schema: countedPageSchema(SessionBody, 'SessionPage'),
      example: { next: null, previous: null, results: [sessionExample] },
    },
    async handler({ query }) {
      const filter = { isActive: query.is_active, userId: query.user_id as UserId | undefined }
      const request = deps.pager.read(sessionList, query)
      const nowMs = deps.clock.nowMs()
      const [page, count] = await Promise.all([
        deps.sessions.list(filter, request, nowMs),
        query.count ? deps.sessions.countListed(filter, nowMs) : undefined,
      ])
      return {
        ...deps.pager.answer(sessionList, query, page, toSessionBody),
        ...(count && { count: toCountBody(count) }),
      }
    },
  }),

  ...sessionExportRoutes(deps),

  route({
    method: 'POST',
    path: '/sessions/end_all/',
    access: { resource_name: 'sessions', action: 'delete' },
    operationId: 'endAllSessions',
    stepUp: freshly,
    tag,
    summary: 'Sign everyone out',
    description:
      'Ends every session there is, the caller’s own excepted: from this answer on all their tokens are refused. For superusers alone. The rows follow, some thousands in each call: while `remaining` is true, call again with the `id` of the answer; what is not asked for, the server does by itself within minutes. Without an `id` it is done again, also for those who have signed in since.',
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
      return toSessionBody(sessionAsOf(session, deps.clock.nowMs()))
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
      'Ends the session: its tokens are refused from the very next request. Nothing else of a session can change, and an ended one stays ended. A session of an account that holds a permission the caller lacks cannot be ended.',
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

  route({
    method: 'POST',
    path: '/sessions/:id/end_others/',
    access: { resource_name: 'sessions', action: 'delete' },
    operationId: 'endOtherSessions',
    tag,
    summary: 'End all sessions of a user but this one',
    description:
      'The session of the path stays active; every other live session of the same account ends, from the very next request. Each that ends has its event in the audit. 409 when the session of the path has itself ended. A session of an account that holds a permission the caller lacks cannot be ended.',
    params: IdParams,
    success: {
      status: 200,
      description: 'Only this session of the account is left.',
      schema: EndedOthersBody,
      example: { ended: 3 },
    },
    rejections: ['not_found', 'conflict'],
    async handler({ principal, params, origin }) {
      return { ended: await endAllButOne(deps, { principal, origin, id: params.id as SessionRowId }) }
    },
  }),
]

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

const sessionExportRoutes = (deps: SessionDeps): readonly Route[] => [
  route({
    method: 'GET',
    path: '/sessions/export/',
    access: { resource_name: 'sessions' },
    operationId: 'exportSessions',
    stepUp: freshly,
    tag: 'Sessions',
    summary: 'Export sessions',
    description:
      'Every session of the list, the newest first, as a table in CSV (RFC 4180, UTF-8 with a byte order mark) or as lines of JSON: the columns of the row. In CSV a text that a spreadsheet would run as a formula gets an apostrophe. The export is recorded in the audit (`data.export`).',
    query: Type.Object({ ...sessionFilters, ...exportParameters }, { additionalProperties: false }),
    success: tableSuccess('sessions', {
      csv: `"id","uuid","user_id","ip_address","user_agent","created_at","last_used_at","expires_at","is_active","ended_at","end_reason"\r\n301,"0195a3c2-7d1e-7c40-9f5b-2a61c4d8e0b7",52,"203.0.113.24","curl/8.16.0","2026-03-14T06:55:02.417Z","2026-03-14T09:12:40.008Z","2026-03-15T06:55:02.417Z",true,,\r\n`,
      jsonl: `${JSON.stringify({ id: 301, user_id: 52, is_active: true })}\n`,
    }),
    rejections: ['too_many_requests'],
    handler({ principal, origin, query }) {
      const { filters, shape } = splitQuery(query, header)
      // Those that begin meanwhile stand before the first page: an export of a busy server has an end.
      const request = deps.pager.read(sessionList, { ordering: '-id' })
      const filter = { isActive: filters.is_active, userId: filters.user_id as UserId | undefined }
      const nowMs = deps.clock.nowMs()
      const pages = walkList(sessionList, request, page => deps.sessions.list(filter, page, nowMs))
      return deps.exportRows(
        { principal, origin, what: 'sessions', filters },
        { header, shape, pages, toCells },
      )
    },
  }),
]
