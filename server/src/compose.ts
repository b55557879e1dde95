import { hostname } from 'node:os'
import type { Gate } from '@propusk/gate/core'
import { apiKeyAuthentication } from './api-keys/index.ts'
import { apiBasePath, apiRoutes } from './api-routes.ts'
import { version } from './assets.ts'
import { HourCounter } from './audit/index.ts'
import type { Follower } from './changes/index.ts'
import type { ChangesFeed } from './changes-feed/index.ts'
import type { Core } from './core.ts'
import { openExports } from './exporting.ts'
import { followLedger, type LedgerFollowing } from './follow-ledger.ts'
import {
  createLog,
  createPager,
  type HttpApp,
  type Log,
  type LogOptions,
  type RequestGuard,
  type Route,
} from './http/index.ts'
import { type KeyKeeping, keepKeys } from './key-keeping.ts'
import { deriveKey } from './keys/index.ts'
import { LeaderLease } from './leases/index.ts'
import type { MailSender } from './mail/index.ts'
import { readBrand, sendMails } from './mail-sending.ts'
import { type NodeAudit, openNodeAudit } from './node-audit.ts'
import { Heartbeat } from './nodes/index.ts'
import { requestGuard } from './request-guard.ts'
import { RequestLimits } from './request-limits.ts'
import { SetupPrinter } from './setup/index.ts'
import { standardRoutes } from './standard-routes.ts'
import { type Housekeeping, housekeepingLeaseMs, startHousekeeping } from './start-housekeeping.ts'
import { createDeviceTokens, Throttle, throttleLimits } from './throttle/index.ts'
import { createRefreshTokenOpener, createTokenIssuer } from './tokens/index.ts'
import { createWebApp } from './web-app.ts'

/** The whole server: every module wired, the gate loaded, the routes registered, nothing listening yet. */
export interface Server {
  readonly core: Core
  readonly app: HttpApp
  readonly gate: Gate
  /** Keeps the gate in step with the ledger. */
  readonly follower: Follower
  /** Passes the changes on to gates in other processes. */
  readonly feed: ChangesFeed
  readonly keys: KeyKeeping
  readonly housekeeping: Housekeeping
  /** Sends the mails of the outbox; undefined where mail is not configured. */
  readonly mail: MailSender | undefined
  /** The link that makes the first superuser, for who prints it. */
  readonly setup: SetupPrinter
  /** Says for the first time that this node is there, once it listens; then housekeeping does. Never rejects. */
  introduce(): Promise<void>
  /** Stops listening, finishes what is under way, and closes the database. */
  close(): Promise<void>
}

interface Extras {
  /** Where log lines go; nowhere unless given. */
  readonly logStream?: LogOptions['stream']
  /** APIs beside our own: the demo's, or a user's. */
  readonly apis?: (core: Core) => readonly { basePath: string; routes: readonly Route[] }[]
}

/** What the functions below make, each from what those before it have made. */
interface Parts extends LedgerFollowing {
  readonly log: Log
  readonly keys: KeyKeeping
  readonly nodeAudit: NodeAudit
  readonly guard: RequestGuard
  readonly limits: RequestLimits
  readonly throttle: Throttle
  readonly heartbeat: Heartbeat
  readonly setup: SetupPrinter
  readonly mail: MailSender | undefined
  readonly app: HttpApp
}

/**
 * Wires the object graph on an open core: migrates, makes the first key, loads the gate. When it rejects, what it has
 * started is stopped again; the core is left open for the caller, who opened it.
 */
export async function composeServer(core: Core, { logStream, apis }: Extras = {}): Promise<Server> {
  const { config, clock } = core
  await core.database.migrate()

  const log = createLog({ level: config.logLevel, ...(logStream && { stream: logStream }) }, clock)
  const keys = await keepKeys(core)
  const nodeAudit = await openNodeAudit(core, keys.masterKey, {
    linked: ({ position, hash }) => log.info({ position, hash }, 'the audit is sealed so far'),
    broken: fault => log.error({ fault }, 'the audit is not as it was sealed, or not sealed in time'),
  })
  await keys.rotateIfDue()

  const parts = wire(core, { log, keys, nodeAudit })
  try {
    for (const { basePath, routes } of apis?.(core) ?? []) parts.app.register(basePath, routes)
    await noteTokenLife(core)
    await evenOutHashing(core)
    await parts.follower.start()
    return serverOf(core, parts, openHousekeeping(core, parts))
  } catch (error) {
    await stop(core, parts)
    throw error
  }
}

/** Makes every part and registers the routes. Starts nothing that has to be waited for. */
function wire(core: Core, made: Pick<Parts, 'log' | 'keys' | 'nodeAudit'>): Parts {
  const { config, clock, random, transaction, stores } = core
  const { log, keys } = made
  const following = followLedger(core, made)
  const openRefreshToken = createRefreshTokenOpener(keys.ring, config.publicUrl)
  const limits = new RequestLimits(core, (userId, suppressed) =>
    log.warn(
      { userId, unrecorded: suppressed },
      'refused permissions of one account were counted, not audited',
    ),
  )
  const throttle = new Throttle({
    clock,
    transaction,
    limits: throttleLimits(config),
    fingerprintKey: deriveKey(keys.masterKey, 'propusk tried passwords'),
  })
  const authenticateApiKey = apiKeyAuthentication({
    apiKeys: stores.apiKeys,
    transaction,
    clock,
    report: err => log.warn({ err }, 'the last use of an API key could not be noted'),
  })
  const { deniedEvents } = limits
  const guard = requestGuard({ core, ...following, openRefreshToken, authenticateApiKey, deniedEvents })
  const heartbeat = new Heartbeat({ transaction, clock, random, version, host: hostname() })
  const setup = new SetupPrinter({
    transaction,
    setupLinks: stores.setupLinks,
    clock,
    random,
    printedBy: `${hostname()}:${config.port}`,
  })
  const app = createWebApp(core, { ...made, ...following, guard })
  const mail = sendMails(core, made)
  const parts = { ...made, ...following, guard, limits, throttle, heartbeat, setup, mail, app }
  const pager = createPager(deriveKey(keys.masterKey, 'propusk list cursors'), config.publicUrl)
  app.register(
    apiBasePath,
    apiRoutes(core, {
      ...parts,
      openRefreshToken,
      deviceTokens: createDeviceTokens(deriveKey(keys.masterKey, 'propusk known devices'), random),
      issuer: issuerOf(core, keys),
      ...openExports(core, following),
      brand: readBrand(config),
      pager,
    }),
  )
  app.register('', standardRoutes(core, { ...parts, openRefreshToken, authenticateApiKey, pager }))
  return parts
}

const issuerOf = ({ config, random }: Core, { ring }: KeyKeeping) =>
  createTokenIssuer({
    keyRing: ring,
    random,
    issuer: config.publicUrl,
    audience: config.audience,
    accessTtlSeconds: config.accessTtlSeconds,
    tokenRoles: config.tokenRoles,
  })

const noteTokenLife = ({ transaction, clock }: Core) =>
  transaction(({ changes }) => changes.noteTokenLife(clock.nowMs()))

const evenOutHashing = async ({ hasher, stores }: Core) =>
  hasher.evenOut(await stores.users.listForeignHashes())

function openHousekeeping(core: Core, { log, keys, nodeAudit, throttle, heartbeat }: Parts): Housekeeping {
  const { config, clock, random, stores, transaction } = core
  return startHousekeeping({
    clock,
    transaction,
    lease: new LeaderLease('housekeeping', housekeepingLeaseMs, { transaction, clock, random }),
    config,
    flushThrottle: () => throttle.flush(clock.nowMs()),
    sendHeartbeat: () => heartbeat.beat(),
    noteTokenLife: () => noteTokenLife(core),
    evenOutHashing: () => evenOutHashing(core),
    rotateDueKey: () => keys.rotateIfDue(),
    auditLinker: nodeAudit,
    auditCutter: nodeAudit.cutter,
    watchAudit: () => nodeAudit.watch(),
    auditTallier: new HourCounter({
      hourCounts: stores.hourCounts,
      greatestEventId: () => stores.chain.greatestEventId(),
      monotonicMs: () => clock.monotonicMs(),
      transaction,
    }),
    reloadKeys: () => keys.settle(),
    report: ({ step, cause }) =>
      log.error({ step, err: cause }, 'housekeeping failed; it is tried again in a minute'),
  })
}

function serverOf(core: Core, parts: Parts, housekeeping: Housekeeping): Server {
  const { log, keys, gate, follower, feed, heartbeat, setup, mail, app } = parts
  return {
    core,
    app,
    gate,
    follower,
    feed,
    keys,
    housekeeping,
    mail,
    setup,
    introduce: () =>
      heartbeat.beat().catch(err => {
        log.warn({ err }, 'this node could not say that it is there; it is tried again in a minute')
      }),
    async close() {
      // First, and beside what is under way: the next node does not wait for it.
      const handedOver = housekeeping.stop().catch(err => {
        log.warn({ err }, 'the lease of housekeeping could not be given back; it runs out by itself')
      })
      const left = heartbeat.leave().catch(err => {
        log.warn({ err }, 'this node could not take its row away; others see it as silent')
      })
      const cancelled = setup.cancel().catch(err => {
        log.warn({ err }, 'the setup link could not be withdrawn; it runs out by itself')
      })
      await stop(core, parts)
      await Promise.all([handedOver, left, cancelled])
      await core.close()
    },
  }
}

/** Stops what `wire` has made, the last one first, and leaves the core open. */
async function stop(
  { clock }: Core,
  { log, eventHub, feed, app, limits, throttle, mail, follower }: Parts,
): Promise<void> {
  eventHub.close()
  feed.close()
  await app.close()
  limits.stop()
  // After the last request, whose mail may be one of them.
  await mail?.stop()
  // After the last request, whose guess may be one of them.
  await throttle.flush(clock.nowMs()).catch(err => {
    log.error({ err }, 'refused sign-ins that were only counted could not be told to the audit')
  })
  follower.stop()
}
