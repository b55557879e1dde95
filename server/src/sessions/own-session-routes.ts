import type { GrantsStore } from '../access/index.ts'
import { IdParams, type RequestGuard, type Route, route, Type } from '../http/index.ts'
import { Rejection, type SessionPrincipal, type SessionRowId, type UserId } from '../kernel/index.ts'
import { type EndOwnSessionDeps, endOwnOthers, endOwnSession } from './end-session.ts'
import { EndedOthersBody, OwnSessionBody, ownSessionExample, toOwnSessionBody } from './schemas.ts'
import type { SessionStore } from './session-store.sql.ts'
export interface OwnSessionDeps extends EndOwnSessionDeps {
  readonly sessions: SessionStore
  readonly userGrants: GrantsStore
  readonly guard: Pick<RequestGuard, 'permits' | 'refusalOf'>
}

const tag = 'Own account'

const listAnswer = {
  status: 200,
  description: 'Live sessions, the one used last first.',
  schema: Type.Array(OwnSessionBody),
  example: [ownSessionExample],
} as const

export const ownSessionRoutes = (deps: OwnSessionDeps): readonly Route[] => [
  route({
    method: 'GET',
    path: '/me/sessions/',
    deprecatedPaths: ['/me/get_sessions/'],
    access: 'authenticated',
    operationId: 'listOwnSessions',
    tag,
    summary: 'List your own sessions',
    description:
      'Every device where the caller is signed in. `is_current` marks the session of this request.',
    success: listAnswer,
    handler: ({ principal }) => listLive(deps, principal, principal.userId),
  }),

  route({
    method: 'GET',
    path: '/me/get_sessions/:user_id/',
    access: 'authenticated',
    operationId: 'listSessionsOfUser',
    tag,
    summary: 'List the live sessions of a user',
    description:
      'The same list for another user: needs the permission `sessions:read`, without which the answer is the same whether the user exists or not. One’s own id needs nothing.',
    params: Type.Object({ user_id: Type.Integer({ minimum: 1 }) }, { additionalProperties: false }),
    success: listAnswer,
    rejections: ['permission_denied', 'not_found'],
    async handler({ principal, params }) {
      const userId = params.user_id as UserId
      if (userId !== principal.userId) {
        assertMayRead(deps, principal)
        if ((await deps.userGrants.find(userId)) === undefined) throw new Rejection('not_found')
      }
      return listLive(deps, principal, userId)
    },
  }),

  route({
    method: 'DELETE',
    path: '/me/sessions/:id/',
    access: 'authenticated',
    operationId: 'endOwnSession',
    tag,
    summary: 'End one of your own sessions',
    description: 'Signs one device out: its tokens are refused from the very next request.',
    params: IdParams,
    success: { status: 204, description: 'The session is over.' },
    rejections: ['not_found'],
    async handler({ principal, params, origin }) {
      await endOwnSession(deps, { principal, origin, id: params.id as SessionRowId })
    },
  }),

  route({
    method: 'POST',
    path: '/me/sessions/end_others/',
    access: 'authenticated',
    operationId: 'endOwnOtherSessions',
    tag,
    summary: 'End your own sessions but this one',
    description:
      'Signs out every other device of the caller; the session of this request stays active. Each that ends has its event in the audit.',
    success: {
      status: 200,
      description: 'Only this session is left.',
      schema: EndedOthersBody,
      example: { ended: 3 },
    },
    async handler({ principal, origin }) {
      return { ended: await endOwnOthers(deps, { principal, origin }) }
    },
  }),
]

async function listLive({ sessions, clock }: OwnSessionDeps, principal: SessionPrincipal, userId: UserId) {
  const nowMs = clock.nowMs()
  const live = await sessions.listLive(userId, nowMs)
  return live.map(session => toOwnSessionBody(session, principal, nowMs))
}

/** Judged before anything of the other user is looked at. */
function assertMayRead({ guard }: OwnSessionDeps, principal: SessionPrincipal): void {
  if (guard.permits(principal, 'sessions', 'read')) return
  throw guard.refusalOf(principal, 'sessions', 'read')
}
