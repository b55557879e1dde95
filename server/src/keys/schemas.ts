import { Instant, Type } from '../http/index.ts'
import { type EpochMs, toRfc3339 } from '../kernel/index.ts'
import { publishedUntilMs, type SigningKey } from './signing-key.ts'

const NullableInstant = (description: string) => Type.Union([Instant, Type.Null()], { description })

export const SigningKeyBody = Type.Object(
  {
    kid: Type.String({ description: 'As in the header of a token and in the key set.' }),
    algorithm: Type.Enum(['ES256', 'EdDSA']),
    created_at: Instant,
    retired_at: NullableInstant('When a successor was made.'),
    published_until: NullableInstant(
      'When it leaves, or left, the key set: the last token that it signed has expired by then. Null before it is retired.',
    ),
    is_signing: Type.Boolean({
      description: 'Whether it signs now: a new key signs after three seconds, when every node knows it.',
    }),
  },
  { $id: 'SigningKey' },
)

interface Now {
  readonly signerKid: string | undefined
  readonly longestTokenLifeSeconds: number
}

export const toKeyBody = (key: SigningKey, { signerKid, longestTokenLifeSeconds }: Now) => ({
  kid: key.kid,
  algorithm: key.algorithm,
  created_at: toRfc3339(key.createdAtMs),
  retired_at: toNullable(key.retiredAtMs),
  published_until: toNullable(
    key.retiredAtMs === null ? null : publishedUntilMs(key.retiredAtMs, longestTokenLifeSeconds),
  ),
  is_signing: key.kid === signerKid,
})

const toNullable = (atMs: EpochMs | null) => (atMs === null ? null : toRfc3339(atMs))

export const keyExample = {
  kid: 'q6Jc0xW1mDmT0sVd',
  algorithm: 'ES256',
  created_at: '2026-03-01T04:00:00.000Z',
  retired_at: null,
  published_until: null,
  is_signing: true,
}

export const newKeyExample = {
  ...keyExample,
  kid: 'p2ZyYB8kQmV1a5uE',
  created_at: '2026-03-14T10:30:11.902Z',
  is_signing: false,
}
