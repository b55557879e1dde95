import { join } from 'node:path'
import type { Gate } from '@propusk/gate/core'
import { tagDescriptions } from './api-chapters.ts'
import { assetPath, version } from './assets.ts'
import type { Core } from './core.ts'
import type { LedgerFollowing } from './follow-ledger.ts'
import { createHttpApp, type HttpApp, type Log, type RequestGuard } from './http/index.ts'
import type { KeyKeeping } from './key-keeping.ts'
import type { NodeAudit } from './node-audit.ts'

interface WebAppParts extends LedgerFollowing {
  readonly log: Log
  readonly keys: KeyKeeping
  readonly nodeAudit: NodeAudit
  readonly guard: RequestGuard
}

/** The web server as the settings have it, without the routes of the modules. */
export function createWebApp(core: Core, parts: WebAppParts): HttpApp {
  const { config, clock, random, stores, database, hasher } = core
  const { log, keys, nodeAudit, gate, eventHub, follower, guard } = parts
  return createHttpApp({
    guard,
    log,
    trustProxy: config.trustProxy,
    corsOrigins: config.corsOrigins,
    docs: config.docs,
    isStaff: async ({ userId }) => (await stores.users.findById(userId))?.isStaff ?? false,
    metrics: config.metrics,
    gauges: {
      hashQueue: () => hasher.load,
      ledgerAgeSeconds: () => follower.ageMs() / 1000,
      eventStreams: () => eventHub.count,
      ...(stores.outbox.isOn && { mails: () => stores.outbox.count() }),
      ...(database.connections && { databaseConnections: database.connections }),
    },
    publicUrl: config.publicUrl,
    version,
    tags: tagDescriptions,
    pagesDirectory: assetPath('console'),
    documentFiles: {
      swagger: assetPath('swagger'),
      redoc: join(assetPath('redoc'), 'redoc.standalone.js'),
    },
    random,
    clock,
    jwks: () => keys.ring.jwks(clock.nowMs()),
    readiness: () => readiness(core, gate, nodeAudit),
  })
}

/** A fault of the audit is named and keeps no node from its work: it is for people to look into, not for a balancer. */
async function readiness({ database, clock }: Core, gate: Gate, nodeAudit: NodeAudit) {
  const store = await database.ping().then(
    () => 'ok',
    () => 'the database does not answer',
  )
  const ledger = gate.isFresh(clock.monotonicMs()) ? 'ok' : 'the ledger of changes has not been heard'
  return {
    ready: store === 'ok' && ledger === 'ok',
    checks: { store, ledger, audit: nodeAudit.fault() ?? 'ok' },
  }
}
