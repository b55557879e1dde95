import { freshly, Instant, type Route, route, Type } from '../http/index.ts'
import { type Caller, toRfc3339, toRfc3339OrNull } from '../kernel/index.ts'
import type { KeyStore } from './key-store.sql.ts'
import type { SigningKey } from './signing-key.ts'

interface KeyDeps {
  /** Committed rows. */
  readonly keys: KeyStore
  readonly publishNext: (caller: Caller) => Promise<SigningKey>
  readonly signAtOnce: (caller: Caller) => Promise<SigningKey>
}

const tag = 'Server'
const permitted = { resource_name: 'server' } as const

export const keyRoutes = ({ keys, publishNext, signAtOnce }: KeyDeps): readonly Route[] => [
  route({
    method: 'GET',
    path: '/server/keys/',
    access: permitted,
    operationId: 'listSigningKeys',
    tag,
    summary: 'List the signing keys',
    description:
      'Newest first, those that have left the key set included until they are destroyed a day later. No part of a private key is ever shown.',
    success: {
      status: 200,
      description: 'The keys.',
      schema: Type.Array(SigningKeyBody),
      example: [keyExample],
    },
    async handler() {
      return (await keys.list()).toReversed().map(toKeyBody)
    },
  }),

  route({
    method: 'POST',
    path: '/server/keys/rotate/',
    access: { ...permitted, action: 'update' },
    operationId: 'rotateSigningKeys',
    stepUp: freshly,
    tag,
    summary: 'Rotate the signing keys',
    description:
      'Publishes the next key, as `propusk keys rotate` does. It signs at `signs_at`, when no cache and no client of the key set can be without it; then the key before it is retired. No one is signed out: that one stays published until the last token that it signed has expired. With `now` the next key signs after three seconds, for a cause such as a stolen key: verifiers of others, which have cached the key set, refuse new tokens for up to two minutes. It does not revoke anything.',
    body: Type.Object(
      {
        now: Type.Optional(
          Type.Boolean({
            description:
              'Whether the next key signs at once: the one that is published already, or a new one. False unless given.',
          }),
        ),
      },
      { $id: 'SigningKeyRotation', additionalProperties: false },
    ),
    bodyExample: {},
    success: {
      status: 201,
      description: 'The next key; with `now` the key that signs.',
      schema: SigningKeyBody,
      example: nextKeyExample,
    },
    rejections: ['conflict'],
    async handler({ principal, origin, body: { now = false } }) {
      const caller = { principal, origin }
      return toKeyBody(await (now ? signAtOnce(caller) : publishNext(caller)))
    },
  }),
]

const NullableInstant = (description: string) => Type.Union([Instant, Type.Null()], { description })

const SigningKeyBody = Type.Object(
  {
    kid: Type.String({ description: 'As in the header of a token and in the key set.' }),
    algorithm: Type.Enum(['ES256', 'EdDSA']),
    state: Type.Enum(['next', 'signing', 'retired'], {
      description:
        '`next` is published and does not sign yet, `signing` signs, `retired` signs no more and stays published until `published_until`.',
    }),
    created_at: Instant,
    signs_at: NullableInstant(
      'Of the next key: from when on it signs, as soon as a server looks, each minute. Null of the others.',
    ),
    retired_at: NullableInstant('When its successor began to sign.'),
    published_until: NullableInstant(
      'When it leaves, or left, the key set: everything that it signed has expired by then. Null before it is retired.',
    ),
    is_signing: Type.Boolean({ description: 'Whether it signs now.' }),
  },
  { $id: 'SigningKey' },
)

/** A key that release 0.1.0 has made a moment ago, and that is not adopted yet, is as good as a next one. */
const stateOf = ({ state, retiredAtMs }: SigningKey) => state ?? (retiredAtMs === null ? 'next' : 'retired')

const toKeyBody = (key: SigningKey) => ({
  kid: key.kid,
  algorithm: key.algorithm,
  state: stateOf(key),
  created_at: toRfc3339(key.createdAtMs),
  signs_at: toRfc3339OrNull(key.signsAtMs),
  retired_at: toRfc3339OrNull(key.retiredAtMs),
  published_until: toRfc3339OrNull(key.publishedUntilMs),
  is_signing: key.state === 'signing',
})

const keyExample = {
  kid: 'q6Jc0xW1mDmT0sVd',
  algorithm: 'ES256',
  state: 'signing',
  created_at: '2026-03-01T04:00:00.000Z',
  signs_at: null,
  retired_at: null,
  published_until: null,
  is_signing: true,
}

const nextKeyExample = {
  ...keyExample,
  kid: 'p2ZyYB8kQmV1a5uE',
  state: 'next',
  created_at: '2026-03-14T10:30:11.902Z',
  signs_at: '2026-03-14T10:32:41.902Z',
  is_signing: false,
}
