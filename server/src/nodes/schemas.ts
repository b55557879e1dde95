import { Instant, NullableText, Type } from '../http/index.ts'
import { type EpochMs, toRfc3339 } from '../kernel/index.ts'
import { isAlive, type Node } from './node.ts'

export const NodeBody = Type.Object(
  {
    id: Type.String({ format: 'uuid', description: 'Made anew with each start.' }),
    started_at: Instant,
    seen_at: Instant,
    version: Type.String(),
    host: Type.Union([Type.String(), Type.Null()], { description: 'The name of its machine.' }),
    is_this_one: Type.Boolean({ description: 'Whether it is the node that answers.' }),
    is_alive: Type.Boolean({
      description: 'Whether it was seen within two and a half minutes; each node tells every minute.',
    }),
  },
  { $id: 'Node' },
)

export const toNodeBody = (node: Node, ownId: string, nowMs: EpochMs) => ({
  id: node.id,
  started_at: toRfc3339(node.startedAtMs),
  seen_at: toRfc3339(node.seenAtMs),
  version: node.version,
  host: node.host,
  is_this_one: node.id === ownId,
  is_alive: isAlive(node, nowMs),
})

export const nodeExample = {
  id: '7c9f2b1e-53d0-4c1a-9e37-0f6a2d4b8c15',
  started_at: '2026-03-14T06:00:00.000Z',
  seen_at: '2026-03-14T10:30:02.118Z',
  version: '1.0.0',
  host: 'auth-1',
  is_this_one: true,
  is_alive: true,
}

const SettingBody = Type.Object(
  {
    name: Type.String({ description: 'The environment variable.' }),
    value: Type.Union([Type.String(), Type.Null()], {
      description:
        'What is in force, as one would write it; null where nothing is. Of a secret `***` when it is set; a password in an address is shown as `***`, too.',
    }),
    default: NullableText,
    is_default: Type.Boolean(),
    secret: Type.Boolean({ description: 'Whether the value is never shown.' }),
    description: Type.String(),
  },
  { $id: 'Setting' },
)

export const ServerSettingsBody = Type.Object(
  {
    version: Type.String(),
    engine: Type.Enum(['sqlite', 'postgres']),
    started_at: Instant,
    node: Type.String({ format: 'uuid', description: 'The node that answers: see `/server/nodes/`.' }),
    settings: Type.Array(SettingBody, { description: 'Of this node, in the order of the documents.' }),
  },
  { $id: 'ServerSettings' },
)

export const serverSettingsExample = {
  version: '1.0.0',
  engine: 'postgres',
  started_at: '2026-03-14T06:00:00.000Z',
  node: nodeExample.id,
  settings: [
    {
      name: 'PROPUSK_DATABASE_URL',
      value: 'postgres://propusk:***@db.example.org/propusk',
      default: 'sqlite:./data/propusk.db',
      is_default: false,
      secret: false,
      description: 'Where the data live; nothing else changes between the two engines.',
    },
    {
      name: 'PROPUSK_ACCESS_TTL',
      value: '10m',
      default: '10m',
      is_default: true,
      secret: false,
      description: 'How long an access token lives: from 1s.',
    },
  ],
}
