import type { GrantsStore, RightsStore } from '../access/index.ts'
import { type Route, route, Type } from '../http/index.ts'
import type { Transact, UserId } from '../kernel/index.ts'
import type { NoticeStores } from '../mail/index.ts'
import { type EndingStores, endAllSessions, endSessionByUuid } from '../sessions/index.ts'
import { revokeAllOfUser, revokeRefreshToken } from './revoke.ts'
import { type RotationDeps, rotateRefreshToken } from './rotate-refresh-token.ts'

interface TokenDeps extends RotationDeps {
  readonly transaction: Transact<
    EndingStores & NoticeStores & { readonly rights: RightsStore; readonly userGrants: GrantsStore }
  >
}

const tag = 'Sign-in and tokens'

export const TokenPairBody = Type.Object(
  {
    access: Type.String({ description: 'A JWT (RFC 9068) for `Authorization: Bearer …`.' }),
    refresh: Type.String({ description: 'Works once, for the next pair.' }),
  },
  { $id: 'TokenPair' },
)

export const tokenPairExample = { access: 'eyJhbGciOiJFUzI1NiIs…', refresh: 'eyJhbGciOiJFUzI1NiIs…' }

const RefreshTokenBody = Type.Object(
  { refresh: Type.String({ minLength: 1, maxLength: 8192 }) },
  { $id: 'RefreshToken', additionalProperties: false },
)
/** RFC 7009 section 2.2: a token that is none is not an error, so any text will do; the body has its bound. */
const PresentedTokenBody = Type.Object(
  { refresh: Type.String() },
  { $id: 'PresentedRefreshToken', additionalProperties: false },
)
const refreshExample = { refresh: tokenPairExample.refresh }

const RevokedBody = Type.Object(
  { revoked: Type.Integer({ minimum: 0, description: 'How many live sessions ended.' }) },
  { $id: 'Revoked' },
)

export const tokenRoutes = (deps: TokenDeps): readonly Route[] => [
  route({
    method: 'POST',
    path: '/token/refresh/',
    access: 'public',
    operationId: 'refreshTokens',
    tag,
    summary: 'Exchange a refresh token for the next pair',
    description:
      'A refresh token works once. Using it again within 10 seconds, while no one has used its successor, gives the same ' +
      'successor, so a lost answer or a second tab signs no one out. With the `Idempotency-Key` of its first use this works ' +
      'later, too. Any other second use ends the whole session.',
    body: RefreshTokenBody,
    bodyExample: refreshExample,
    success: {
      status: 200,
      description: 'The next pair of tokens of the same session.',
      schema: TokenPairBody,
      example: tokenPairExample,
    },
    takesIdempotencyKey: true,
    rejections: ['invalid_refresh_token', 'too_many_requests'],
    handler: ({ body, idempotencyKey, origin }) =>
      rotateRefreshToken(deps, { presented: body.refresh, idempotencyKey, origin }),
  }),

  route({
    method: 'POST',
    path: '/token/revoke/',
    access: 'public',
    operationId: 'revokeToken',
    tag,
    summary: 'End the session of a refresh token',
    description:
      'Needs no access token: anyone who holds a refresh token can end its session. The answer is the same when the token is unknown, expired, already revoked or not a refresh token at all.',
    body: PresentedTokenBody,
    bodyExample: refreshExample,
    success: { status: 204, description: 'No session of this token is alive any more.' },
    handler: ({ body, origin }) => revokeRefreshToken(deps, { presented: body.refresh, origin }),
  }),

  route({
    method: 'POST',
    path: '/logout/',
    access: 'authenticated',
    operationId: 'logout',
    tag,
    summary: 'Sign out on this device',
    description:
      'Ends the session of the access token; its access and refresh tokens are refused from the next request on.',
    success: {
      status: 204,
      description: 'The session is over.',
      headers: { 'clear-site-data': '"storage"' },
    },
    async handler({ principal, origin }) {
      const act = { actorId: principal.userId, origin, nowMs: deps.clock.nowMs() }
      await deps.transaction(stores => endSessionByUuid(stores, principal.sessionId, 'logout', act))
    },
  }),

  route({
    method: 'POST',
    path: '/token/revoke_all/',
    access: 'authenticated',
    operationId: 'revokeAllTokens',
    tag,
    summary: 'Sign out on every device',
    description: 'Ends every session of the caller, this one too.',
    success: {
      status: 200,
      description: 'Every session has ended.',
      schema: RevokedBody,
      example: { revoked: 3 },
    },
    async handler({ principal, origin }) {
      const act = { actorId: principal.userId, origin, nowMs: deps.clock.nowMs() }
      const revoked = await deps.transaction(stores =>
        endAllSessions(stores, principal.userId, 'revoked_all', act),
      )
      return { revoked }
    },
  }),

  route({
    method: 'POST',
    path: '/token/revoke_all/:user_id/',
    access: { resource_name: 'tokens', action: 'delete' },
    operationId: 'revokeAllTokensOfUser',
    tag,
    summary: 'Sign another user out on every device',
    description:
      'Ends every session of the user. An account that holds a permission which the caller lacks cannot be touched.',
    params: Type.Object({ user_id: Type.Integer({ minimum: 1, description: 'The id of the user.' }) }),
    success: {
      status: 200,
      description: 'Every session of the user has ended.',
      schema: RevokedBody,
      example: { revoked: 2 },
    },
    rejections: ['not_found'],
    async handler({ principal, params, origin }) {
      const userId = params.user_id as UserId
      const revoked = await revokeAllOfUser(deps, { principal, origin, userId })
      return { revoked }
    },
  }),
]
