import { type Route, route, Type } from '../http/index.ts'
import type { Acting } from '../kernel/index.ts'
import type { KeyStore } from './key-store.ts'
import { keyExample, nextKeyExample, SigningKeyBody, toKeyBody } from './schemas.ts'
import type { SigningKey } from './signing-key.ts'

export interface KeyDeps {
  /** Committed rows. */
  readonly keys: KeyStore
  readonly publishNext: (acting: Acting) => Promise<SigningKey>
  readonly signAtOnce: (acting: Acting) => Promise<SigningKey>
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
    tag,
    summary: 'Rotate the signing keys',
    description:
      'Publishes the next key, as `propusk keys rotate` does. It signs at `signs_at`, when no cache and no client of the key set can be without it; then the key before it is retired. Nobody is signed out: that one stays published until the last token that it signed has expired. With `now` the next key signs after three seconds, for a cause such as a stolen key: verifiers of others, which have cached the key set, refuse new tokens for up to two minutes. It does not revoke anything.',
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
      const acting = { principal, origin }
      return toKeyBody(await (now ? signAtOnce(acting) : publishNext(acting)))
    },
  }),
]
