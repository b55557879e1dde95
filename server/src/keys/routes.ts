import { type Route, route, Type } from '../http/index.ts'
import type { Acting, Clock } from '../kernel/index.ts'
import type { KeyStore } from './key-store.ts'
import { keyExample, newKeyExample, SigningKeyBody, toKeyBody } from './schemas.ts'
import { type SigningKey, signerAt } from './signing-key.ts'

export interface KeyDeps {
  /** Committed rows. */
  readonly keys: KeyStore
  readonly rotate: (acting: Acting) => Promise<SigningKey>
  readonly clock: Clock
  readonly longestTokenLifeSeconds: number
}

const tag = 'Server'
const permitted = { resource_name: 'server' } as const

export const keyRoutes = (deps: KeyDeps): readonly Route[] => {
  const readKeys = async () => {
    const keys = await deps.keys.list()
    const signerKid = signerAt(keys, deps.clock.nowMs())?.kid
    return { keys, toBody: (key: SigningKey) => toKeyBody(key, { ...deps, signerKid }) }
  }

  return [
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
        const { keys, toBody } = await readKeys()
        return keys.toReversed().map(toBody)
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
        'Makes a new key and retires the ones before it, as `propusk keys rotate` does. Nobody is signed out: the old keys stay published until the last token that they signed has expired. It does not revoke anything.',
      body: Type.Object({}, { $id: 'SigningKeyRotation', additionalProperties: false }),
      bodyExample: {},
      success: {
        status: 201,
        description: 'The new key. It signs after three seconds.',
        schema: SigningKeyBody,
        example: newKeyExample,
      },
      refusals: ['conflict'],
      async handler({ principal, origin }) {
        const key = await deps.rotate({ principal, origin })
        return (await readKeys()).toBody(key)
      },
    }),
  ]
}
