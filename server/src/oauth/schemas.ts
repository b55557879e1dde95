import { Type } from '../http/index.ts'

/** What every request here may carry: the client, where it does not use the header (RFC 6749 section 2.3.1). */
const client = {
  client_id: Type.Optional(Type.String({ description: 'The prefix of the API key.' })),
  client_secret: Type.Optional(Type.String({ description: 'The whole API key.' })),
}

const token_type_hint = Type.Optional(
  Type.String({ description: 'Taken and not needed: each kind of token is known by its form.' }),
)

export const IntrospectionBody = Type.Object(
  {
    token: Type.String({ description: 'An access token, a refresh token or an API key.' }),
    token_type_hint,
    ...client,
  },
  { $id: 'IntrospectionRequest' },
)

export const RevocationBody = Type.Object(
  { token: Type.String({ description: 'An access token or a refresh token.' }), token_type_hint, ...client },
  { $id: 'RevocationRequest' },
)

const Seconds = Type.Optional(Type.Number({ description: 'Seconds since 1970.' }))
const Text = Type.Optional(Type.String())

export const IntrospectedBody = Type.Object(
  {
    active: Type.Boolean({ description: 'Whether the token is alive. If not, nothing else is said.' }),
    iss: Text,
    sub: Type.Optional(Type.String({ description: 'The id of the user, for an API key of its owner.' })),
    aud: Text,
    exp: Seconds,
    iat: Seconds,
    nbf: Seconds,
    jti: Text,
    sid: Type.Optional(Type.String({ description: 'The session.' })),
    client_id: Type.Optional(Type.String({ description: 'Of an API key its prefix.' })),
    auth_time: Seconds,
    acr: Text,
    amr: Type.Optional(Type.Array(Type.String())),
    token_type: Text,
    typ: Type.Optional(Type.String({ description: '`access_token`, `refresh_token` or `api_key`.' })),
    scope: Type.Optional(Type.String({ description: 'Of an API key: its permissions, by spaces.' })),
    roles: Type.Optional(Type.Array(Type.String(), { description: 'Code names of those that hold now.' })),
    superuser: Type.Optional(Type.Boolean()),
  },
  { $id: 'Introspection' },
)

export const introspectedExample = {
  active: true,
  iss: 'https://id.example.com',
  sub: '5',
  aud: 'https://id.example.com',
  exp: 1796026800,
  iat: 1796025900,
  jti: '7c0b9f66-26f8-4c50-b6c4-4f0c1b6f4f0e',
  sid: '019a3f3e-7d5c-7cc5-a5b4-1d2f3e4a5b6c',
  client_id: 'propusk',
  auth_time: 1796025900,
  acr: 'aal1',
  amr: ['pwd'],
  token_type: 'Bearer',
  typ: 'access_token',
  roles: ['editor'],
}

export const MetadataBody = Type.Object(
  {
    issuer: Type.String(),
    jwks_uri: Type.String(),
    introspection_endpoint: Type.String(),
    introspection_endpoint_auth_methods_supported: Type.Array(Type.String()),
    revocation_endpoint: Type.String(),
    revocation_endpoint_auth_methods_supported: Type.Array(Type.String()),
    response_types_supported: Type.Array(Type.String()),
    grant_types_supported: Type.Array(Type.String()),
    service_documentation: Type.Optional(Type.String()),
  },
  { $id: 'AuthorizationServerMetadata' },
)

const OAuthErrorSchema = {
  type: 'object',
  required: ['error'],
  properties: { error: { type: 'string' }, error_description: { type: 'string' } },
}

const refusal = (description: string, error: string, about: string) => ({
  description,
  content: {
    'application/json': { schema: OAuthErrorSchema, example: { error, error_description: about } },
  },
})

/** RFC 6749 section 5.2, for the documents. */
export const oauthRefusals = {
  400: refusal(
    'The request is malformed (`invalid_request`), or such a token cannot be revoked (`unsupported_token_type`).',
    'invalid_request',
    'token: This field is required.',
  ),
  401: {
    ...refusal('The client is not known (`invalid_client`).', 'invalid_client', 'Sign in first.'),
    headers: {
      'WWW-Authenticate': {
        description: 'The scheme that the client used, or Basic.',
        schema: { type: 'string' },
        example: 'Basic realm="propusk", charset="UTF-8"',
      },
    },
  },
  403: refusal('The client lacks the permission.', 'unauthorized_client', 'You need tokens:read.'),
  413: refusal('The body is too long.', 'invalid_request', 'The body is too long.'),
  429: refusal('Too many requests.', 'temporarily_unavailable', 'Try again later.'),
  503: refusal('This node cannot know at the moment.', 'temporarily_unavailable', 'Try again later.'),
}
