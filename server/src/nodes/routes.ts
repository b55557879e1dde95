import type { ShownSetting } from '../config/index.ts'
import { type Route, route, Type } from '../http/index.ts'
import { type Clock, toRfc3339 } from '../kernel/index.ts'
import type { NodeStore } from './node-store.ts'
import type { Presence } from './presence.ts'
import { NodeBody, nodeExample, ServerSettingsBody, serverSettingsExample, toNodeBody } from './schemas.ts'

export interface NodeDeps {
  /** Committed rows. */
  readonly nodes: NodeStore
  readonly presence: Presence
  readonly clock: Clock
  readonly version: string
  readonly engine: 'sqlite' | 'postgres'
  /** Of this node. */
  readonly settings: readonly ShownSetting[]
}

const tag = 'Server'
const permitted = { resource_name: 'server' } as const

/** A server that is started again and again leaves a row each time: more than these are of no use to a reader. */
const mostNodes = 200

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
      started_at: toRfc3339(deps.presence.startedAtMs),
      node: deps.presence.id,
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
      const nodes = await deps.nodes.list(mostNodes)
      return nodes.map(node => toNodeBody(node, deps.presence.id, nowMs))
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
