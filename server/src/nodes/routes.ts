import type { ShownSetting } from '../config/index.ts'
import { Instant, NullableText, type Route, route, Type } from '../http/index.ts'
import { type Clock, type EpochMs, toRfc3339 } from '../kernel/index.ts'
import type { Heartbeat } from './heartbeat.ts'
import { isAlive, type Node, type NodeStore } from './node-store.sql.ts'

interface NodeDeps {
  /** Committed rows. */
  readonly nodes: NodeStore
  readonly heartbeat: Heartbeat
  readonly clock: Clock
  readonly version: string
  readonly engine: 'sqlite' | 'postgres'
  /** Of this node. */
  readonly settings: readonly ShownSetting[]
}

const tag = 'Server'
const permitted = { resource_name: 'server' } as const

/** A server that is started again and again leaves a row each time: more than these are of no use to a reader. */
const maxNodes = 200

const NodeBody = Type.Object(
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

const toNodeBody = (node: Node, ownId: string, nowMs: EpochMs) => ({
  id: node.id,
  started_at: toRfc3339(node.startedAtMs),
  seen_at: toRfc3339(node.seenAtMs),
  version: node.version,
  host: node.host,
  is_this_one: node.id === ownId,
  is_alive: isAlive(node, nowMs),
})

const nodeExample = {
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

const ServerSettingsBody = Type.Object(
  {
    version: Type.String(),
    engine: Type.Enum(['sqlite', 'postgres']),
    started_at: Instant,
    node: Type.String({ format: 'uuid', description: 'The node that answers: see `/server/nodes/`.' }),
    settings: Type.Array(SettingBody, { description: 'Of this node, in the order of the documents.' }),
  },
  { $id: 'ServerSettings' },
)

const serverSettingsExample = {
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
      description: 'The URL of the database; nothing else differs between the two engines.',
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

export const nodeRoutes = (deps: NodeDeps): readonly Route[] => [
  route({
    method: 'GET',
    path: '/server/settings/',
    access: permitted,
    operationId: 'readServerSettings',
    tag,
    summary: 'Read the settings',
    description:
      'Every setting of the node that answers, as it is in force. Secrets are never shown. Settings are changed where the server is started, not here.',
    success: {
      status: 200,
      description: 'The settings.',
      schema: ServerSettingsBody,
      example: serverSettingsExample,
    },
    handler: () => ({
      version: deps.version,
      engine: deps.engine,
      started_at: toRfc3339(deps.heartbeat.startedAtMs),
      node: deps.heartbeat.id,
      settings: deps.settings.map(toSettingBody),
    }),
  }),

  route({
    method: 'GET',
    path: '/server/nodes/',
    access: permitted,
    operationId: 'listNodes',
    tag,
    summary: 'List the nodes',
    description:
      'The servers that work on this database, those seen last first, 200 at the most. A node is in the list from a second after its start; one that was stopped in order is not, one that was killed is for a day.',
    success: {
      status: 200,
      description: 'The nodes.',
      schema: Type.Array(NodeBody),
      example: [nodeExample],
    },
    async handler() {
      const nowMs = deps.clock.nowMs()
      const nodes = await deps.nodes.list(maxNodes)
      return nodes.map(node => toNodeBody(node, deps.heartbeat.id, nowMs))
    },
  }),
]

const toSettingBody = (setting: ShownSetting) => ({
  name: setting.name,
  value: setting.value,
  default: setting.default,
  is_default: setting.isDefault,
  secret: setting.isSecret,
  description: setting.meaning,
})
