import { maxNameCharacters } from '../access/index.ts'
import {
  freshly,
  IdParams,
  type ListSpec,
  listParameters,
  type Pager,
  type PreconditionOn,
  pageSchema,
  type Route,
  route,
  searchParameter,
  Type,
} from '../http/index.ts'
import {
  type ApiKeyId,
  fromRfc3339,
  invalidField,
  message,
  normalName,
  parseDuration,
  Rejection,
  type UserId,
} from '../kernel/index.ts'
import type { ApiKey } from './api-key.ts'
import type { ApiKeyColumn, ApiKeyStore } from './api-key-store.sql.ts'
import { type ApiKeyDeps, createApiKey, deleteApiKey, rotateApiKey, updateApiKey } from './manage-api-keys.ts'
import {
  ApiKeyBody,
  ApiKeyPatchBody,
  ApiKeyRotateBody,
  ApiKeyWithSecretBody,
  ApiKeyWriteBody,
  apiKeyEtag,
  apiKeyExample,
  apiKeyRules,
  apiKeyWithSecretExample,
  toApiKeyBody,
  toApiKeyWithSecretBody,
} from './schemas.ts'

interface ApiKeyRouteDeps extends ApiKeyDeps {
  /** Committed state. */
  readonly apiKeys: ApiKeyStore
  readonly pager: Pager
}

const tag = 'API keys'
const permitted = { resource_name: 'api_keys' } as const

export const apiKeyList: ListSpec<ApiKey, ApiKeyColumn> = {
  path: '/api/auth/api_keys/',
  orderings: { id: key => key.id, name: key => key.name, created_at: key => key.createdAtMs },
  defaultOrdering: 'id',
  idOf: key => key.id,
}

const answer = (description: string) =>
  ({ status: 200, description, schema: ApiKeyBody, example: apiKeyExample, etag: apiKeyEtag }) as const

const answerWithSecret = { schema: ApiKeyWithSecretBody, example: apiKeyWithSecretExample } as const

const onKey = (precondition: PreconditionOn) => precondition((key: ApiKey) => apiKeyEtag(toApiKeyBody(key)))

const maxOverlapSeconds = 30 * 86_400

function toOverlapSeconds(overlap = '24h'): number {
  const seconds = parseDuration(overlap)
  if (seconds === undefined || seconds > maxOverlapSeconds) {
    throw invalidField('overlap', message('api_key.overlap'))
  }
  return seconds
}

const toInstant = (expiresAt: string | null) => (expiresAt === null ? null : fromRfc3339(expiresAt))

export const apiKeyRoutes = (deps: ApiKeyRouteDeps): readonly Route[] => [
  route({
    method: 'GET',
    path: '/api_keys/',
    access: permitted,
    operationId: 'listApiKeys',
    tag,
    summary: 'List API keys',
    description:
      'A page of keys without their secrets. `search` looks into the name and the prefix; `owner_id` gives those of one account.',
    query: Type.Object(
      { ...listParameters, search: searchParameter, owner_id: Type.Optional(Type.Integer({ minimum: 1 })) },
      { additionalProperties: false },
    ),
    success: {
      status: 200,
      description: 'One page.',
      schema: pageSchema(ApiKeyBody, 'ApiKeyPage'),
      example: { next: null, previous: null, results: [apiKeyExample] },
    },
    async handler({ query }) {
      const page = await deps.apiKeys.list(
        { ownerId: query.owner_id as UserId | undefined },
        deps.pager.read(apiKeyList, query),
      )
      return deps.pager.answer(apiKeyList, query, page, toApiKeyBody)
    },
  }),

  route({
    method: 'POST',
    path: '/api_keys/',
    access: permitted,
    operationId: 'createApiKey',
    stepUp: freshly,
    tag,
    summary: 'Create an API key',
    description:
      'Creates a key of the caller, for a program. It is given no permission that the caller does not hold, and at each use it holds no more than its owner does then. The answer shows the key only once.',
    body: ApiKeyWriteBody,
    bodyExample: {
      name: 'Invoice service',
      roles: ['accountant'],
      permissions: ['documents:read'],
      expires_at: '2027-11-30T08:00:00Z',
    },
    rules: apiKeyRules,
    success: { status: 201, description: 'The key, with its secret.', ...answerWithSecret },
    async handler({ principal, body, origin }) {
      const wanted = {
        name: normalName(body.name, maxNameCharacters),
        roles: body.roles ?? [],
        permissions: body.permissions ?? [],
        expiresAtMs: toInstant(body.expires_at ?? null),
      }
      return toApiKeyWithSecretBody(await createApiKey(deps, { principal, origin }, wanted))
    },
  }),

  route({
    method: 'GET',
    path: '/api_keys/:id/',
    access: permitted,
    operationId: 'readApiKey',
    tag,
    summary: 'Read an API key',
    description: 'One key without its secret.',
    params: IdParams,
    success: answer('The key.'),
    rejections: ['not_found'],
    async handler({ params }) {
      const key = await deps.apiKeys.findById(params.id as ApiKeyId)
      if (key === undefined) throw new Rejection('not_found')
      return toApiKeyBody(key)
    },
  }),

  route({
    method: 'PATCH',
    path: '/api_keys/:id/',
    access: permitted,
    operationId: 'changeApiKey',
    tag,
    summary: 'Rename an API key, or change its expiry',
    description:
      'Changes what is named; what the key was given stays. Another account’s key: only where the caller outranks its owner.',
    params: IdParams,
    body: ApiKeyPatchBody,
    bodyExample: { name: 'Invoice service, staging', expires_at: null },
    rules: apiKeyRules,
    takesIfMatch: true,
    success: answer('The key as it is now.'),
    rejections: ['not_found'],
    async handler({ principal, params, body, origin, precondition }) {
      const changes = {
        ...(body.name !== undefined && { name: normalName(body.name, maxNameCharacters) }),
        ...(body.expires_at !== undefined && { expiresAtMs: toInstant(body.expires_at) }),
      }
      const caller = { principal, origin, precondition: onKey(precondition) }
      return toApiKeyBody(await updateApiKey(deps, caller, params.id as ApiKeyId, changes))
    },
  }),

  route({
    method: 'DELETE',
    path: '/api_keys/:id/',
    access: permitted,
    operationId: 'deleteApiKey',
    tag,
    summary: 'Delete an API key',
    description:
      'The key is refused from now on, on every node. Another account’s key: only where the caller outranks its owner.',
    params: IdParams,
    takesIfMatch: true,
    success: { status: 204, description: 'The key is gone.' },
    rejections: ['not_found'],
    async handler({ principal, params, origin, precondition }) {
      const caller = { principal, origin, precondition: onKey(precondition) }
      await deleteApiKey(deps, caller, params.id as ApiKeyId)
    },
  }),

  route({
    method: 'POST',
    path: '/api_keys/:id/rotate/',
    access: { ...permitted, action: 'update' },
    operationId: 'rotateApiKey',
    stepUp: freshly,
    tag,
    summary: 'Give an API key a new secret',
    description:
      'The answer shows the new key only once. The old one works beside it for `overlap`, a day unless given; `0s` ends it at once. One that was rotated away earlier no longer works. Only the owner of a key can rotate it, or the program that holds it.',
    params: IdParams,
    body: ApiKeyRotateBody,
    bodyExample: { overlap: '24h' },
    success: { status: 200, description: 'The key, with its new secret.', ...answerWithSecret },
    rejections: ['not_found'],
    async handler({ principal, params, body, origin }) {
      const overlapSeconds = toOverlapSeconds(body.overlap)
      const caller = { principal, origin }
      return toApiKeyWithSecretBody(await rotateApiKey(deps, caller, params.id as ApiKeyId, overlapSeconds))
    },
  }),
]
