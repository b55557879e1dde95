import { maxNameCharacters } from '../access/index.ts'
import { type BodyRules, entityTagOf, Instant, type Static, Type } from '../http/index.ts'
import { durationPattern, nameProblems, toRfc3339, toRfc3339OrNull } from '../kernel/index.ts'
import type { ApiKey } from './api-key.ts'
import type { ApiKeyWithSecret } from './manage-api-keys.ts'

const closed = {
  additionalProperties: false,
  'x-read-only': ['id', 'prefix', 'owner_id', 'created_at', 'last_used_at', 'key'],
} as const

const row = {
  id: Type.Integer(),
  name: Type.String(),
  prefix: Type.String({ description: 'The public beginning of the key, by which it is recognised.' }),
  roles: Type.Array(Type.String(), { description: 'Code names, sorted.' }),
  permissions: Type.Array(Type.String(), {
    description: 'Each as `resource:action`, sorted: granted beside those of the roles.',
  }),
  owner_id: Type.Integer(),
  created_at: Instant,
  expires_at: Type.Union([Instant, Type.Null()], { description: 'Null is never.' }),
  last_used_at: Type.Union([Instant, Type.Null()], { description: 'True to the minute.' }),
}

export const ApiKeyBody = Type.Object(row, { $id: 'ApiKey' })

export const ApiKeyWithSecretBody = Type.Object(
  {
    ...row,
    key: Type.String({
      description: 'SECRET: the whole key, shown this once. Send it as `Authorization: Bearer <key>`.',
    }),
  },
  { $id: 'ApiKeyWithSecret' },
)

const NameField = Type.String({
  minLength: 1,
  maxLength: maxNameCharacters,
  pattern: '\\S',
  description: 'What people read: the service that uses the key.',
})
const ExpiresAtField = Type.Union([Type.String({ format: 'date-time' }), Type.Null()], {
  description: 'When the key ends by itself; null is never.',
})

export const ApiKeyWriteBody = Type.Object(
  {
    name: NameField,
    roles: Type.Optional(
      Type.Array(Type.String({ maxLength: 100 }), {
        maxItems: 100,
        uniqueItems: true,
        description: 'Code names of roles whose permissions the key gets.',
      }),
    ),
    permissions: Type.Optional(
      Type.Array(Type.String({ maxLength: 201 }), {
        maxItems: 1000,
        uniqueItems: true,
        description: 'Permissions beside those of the roles, each as `resource:action`.',
      }),
    ),
    expires_at: Type.Optional(ExpiresAtField),
  },
  { $id: 'ApiKeyWrite', ...closed },
)

export const ApiKeyPatchBody = Type.Object(
  { name: Type.Optional(NameField), expires_at: Type.Optional(ExpiresAtField) },
  {
    $id: 'ApiKeyPatch',
    minProperties: 1,
    ...closed,
    'x-read-only': [...closed['x-read-only'], 'roles', 'permissions'],
  },
)

export const ApiKeyRotateBody = Type.Object(
  {
    overlap: Type.Optional(
      Type.String({
        pattern: durationPattern,
        default: '24h',
        description: 'How long the old key works beside the new one: `0s` to `30d`.',
      }),
    ),
  },
  { $id: 'ApiKeyRotate', additionalProperties: false },
)

export const apiKeyRules = { name: text => nameProblems(text, maxNameCharacters, false) } satisfies BodyRules

export const toApiKeyBody = (key: ApiKey) => ({
  id: key.id,
  name: key.name,
  prefix: key.prefix,
  roles: [...key.roles],
  permissions: [...key.permissions],
  owner_id: key.ownerId,
  created_at: toRfc3339(key.createdAtMs),
  expires_at: toRfc3339OrNull(key.expiresAtMs),
  last_used_at: toRfc3339OrNull(key.lastUsedAtMs),
})

export const toApiKeyWithSecretBody = (key: ApiKeyWithSecret) => ({ ...toApiKeyBody(key), key: key.key })

/** A use is no new version. */
export const apiKeyEtag = ({ last_used_at: _, ...written }: Static<typeof ApiKeyBody>): string =>
  entityTagOf(written)

export const apiKeyExample = {
  id: 3,
  name: 'Invoice service',
  prefix: 'propusk_0cN4tWk2Qe7M',
  roles: ['accountant'],
  permissions: ['documents:read'],
  owner_id: 5,
  created_at: '2026-11-30T08:00:00.000Z',
  expires_at: '2027-11-30T08:00:00.000Z',
  last_used_at: null,
}

export const apiKeyWithSecretExample = {
  ...apiKeyExample,
  key: 'propusk_0cN4tWk2Qe7M…',
}
