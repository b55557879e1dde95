import { type Route, route, type Standard, Type } from '../http/index.ts'
import type { RateLimiter } from '../rate-limits/index.ts'
import { authorizationOfClient } from './client-authentication.ts'
import { type IntrospectionDeps, introspect } from './introspect.ts'
import { authorizationServerMetadata } from './metadata.ts'
import { oauthRefusal } from './refusal.ts'
import { type RevocationDeps, revoke } from './revoke.ts'
import {
  IntrospectedBody,
  IntrospectionBody,
  introspectedExample,
  MetadataBody,
  oauthRefusals,
  RevocationBody,
} from './schemas.ts'

interface Deps extends IntrospectionDeps, RevocationDeps {
  readonly gate: IntrospectionDeps['gate'] & RevocationDeps['gate']
  readonly clock: RevocationDeps['clock']
  /** Questions about access, by account. */
  readonly checkLimiter: RateLimiter
  /** Whether the documents can be read without a token. */
  readonly hasDocuments: boolean
}

const EmptyBody = Type.Object({}, { $id: 'TokenRevoked' })

const tag = 'OAuth'

const standard: Standard = {
  body: 'form',
  authorizationOf: authorizationOfClient,
  refuse: oauthRefusal,
  refusals: oauthRefusals,
}

const aboutClients =
  'The client is an API key: as a Bearer token, or with its prefix as `client_id` and the whole key as `client_secret` (`client_secret_basic`, `client_secret_post`).'

const bodyExample = { token: 'eyJhbGciOiJFUzI1NiIs…', token_type_hint: 'access_token' }

/** What programs without our code speak: OAuth's endpoints about tokens that are there already. At the root of the host. */
export const oauthRoutes = (deps: Deps): readonly Route[] => [
  route({
    method: 'GET',
    path: '/.well-known/oauth-authorization-server',
    access: 'public',
    operationId: 'getAuthorizationServerMetadata',
    tag,
    summary: 'What this server offers to OAuth clients',
    description: 'The metadata of RFC 8414. There is neither an authorization nor a token endpoint.',
    standard: { body: 'json' },
    success: {
      status: 200,
      description: 'The metadata.',
      schema: MetadataBody,
      example: authorizationServerMetadata('https://id.example.com', true),
      headers: { 'cache-control': 'public, max-age=3600' },
    },
    handler: () => authorizationServerMetadata(deps.issuer, deps.hasDocuments),
  }),

  route({
    method: 'POST',
    path: '/oauth/introspect',
    access: { resource_name: 'tokens', action: 'read' },
    operationId: 'introspectToken',
    tag,
    summary: 'Ask whether a token is active',
    description: `RFC 7662. What is not alive is \`{"active": false}\` and nothing more: unknown, expired, used up, of a session that is over, of a closed account. ${aboutClients}`,
    standard,
    body: IntrospectionBody,
    bodyExample,
    success: {
      status: 200,
      description: 'Whether it is alive, and what it says.',
      schema: IntrospectedBody,
      example: introspectedExample,
    },
    handler({ principal, body }) {
      deps.checkLimiter.take(principal.userId, 1)
      return introspect(deps, body.token)
    },
  }),

  route({
    method: 'POST',
    path: '/oauth/revoke',
    access: { resource_name: 'tokens', action: 'delete' },
    operationId: 'revokeOAuthToken',
    tag,
    summary: 'End the session of a token',
    description: `RFC 7009. The session ends with all its tokens, whichever of them was presented. The answer is the same when the token is unknown or over already. ${aboutClients}`,
    standard,
    body: RevocationBody,
    bodyExample,
    success: {
      status: 200,
      description: 'No session of this token is alive any more.',
      schema: EmptyBody,
      example: {},
    },
    async handler({ principal, body, origin }) {
      await revoke(deps, { token: body.token, principal, origin })
      return {}
    },
  }),
]
