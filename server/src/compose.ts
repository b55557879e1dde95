import { hostname } from 'node:os'
import { join } from 'node:path'
import { createGate, type Gate } from '@propusk/gate'
import { accessRoutes, readCatalogue } from './access/index.ts'
import { assetPath } from './assets.ts'
import { auditRoutes, createAuditTallier, toAuditEventBody } from './audit/index.ts'
import { type AuditSealing, sealAudit } from './audit-sealing.ts'
import { browserRoutes } from './browser/index.ts'
import { createFollower, type Follower } from './changes/index.ts'
import { showSettings } from './config/index.ts'
import type { Core } from './core.ts'
import { createExportRows, createExportSlots, type ExportAct, type ExportRows } from './exports/index.ts'
import { type Housekeeping, housekeepingLeaseMs, startHousekeeping } from './housekeeping.ts'
import {
  createHttpApp,
  createPager,
  type HttpApp,
  type HttpOptions,
  type Pager,
  type RequestGuard,
  type Route,
} from './http/index.ts'
import { accountRoutes, userRoutes } from './identity/index.ts'
import type { EpochMs } from './kernel/index.ts'
import { type KeyKeeping, keepKeys } from './key-keeping.ts'
import { deriveKey, isPublished, keyRoutes, toPublishedKey } from './keys/index.ts'
import { createLease } from './leases/index.ts'
import { createLive, type Live, liveRoutes } from './live/index.ts'
import { createPresence, nodeRoutes, type Presence } from './nodes/index.ts'
import { createRequestBudgets, type RequestBudgets } from './request-budgets.ts'
import { requestGuard } from './request-guard.ts'
import { sessionRoutes } from './sessions/index.ts'
import { createSetupPrinter, type SetupPrinter, setupRoutes } from './setup/index.ts'
import { signInRoutes } from './sign-in/index.ts'
import { keepFor, statisticsRoutes } from './statistics/index.ts'
import { stillPermitted } from './still-permitted.ts'
import { firstUsesOn, type Stores } from './stores.ts'
import { tagDescriptions } from './tags.ts'
import {
  createDeviceTokens,
  createThrottle,
  type DeviceTokens,
  type Throttle,
  throttleRoutes,
  throttleRules,
} from './throttle/index.ts'
import {
  createRefreshTokenOpener,
  createTokenIssuer,
  type OpenRefreshToken,
  type TokenIssuer,
  tokenRoutes,
} from './tokens/index.ts'
import { version } from './version.ts'

export const apiBasePath = '/api/auth'

/** The whole server: every module wired, the gate fed, the routes registered, nothing listening yet. */
export interface Server {
  readonly core: Core
  readonly app: HttpApp
  readonly gate: Gate
  /** Keeps the gate in step with the ledger. */
  readonly follower: Follower
  readonly keys: KeyKeeping
  readonly housekeeping: Housekeeping
  /** The link that makes the first superuser, for who prints it. */
  readonly setup: SetupPrinter
  /** Says for the first time that this node is there, once it listens; then housekeeping does. Never rejects. */
  introduce(): Promise<void>
  /** Stops listening, finishes what is under way, and closes the database. */
  close(): Promise<void>
}

interface Extras {
  /** Where log lines go; standard output unless given. */
  readonly logStream?: HttpOptions['log']['stream']
  /** APIs beside our own: the demo's, or a user's. */
  readonly apis?: (core: Core) => readonly { basePath: string; routes: readonly Route[] }[]
}

/** How long a node may go without word from the ledger before it refuses to answer (503). */
const silenceBoundMs = 1_000

/** Wires the object graph on an open core: migrates, makes the first key, feeds the gate. */
export async function composeServer(core: Core, extras: Extras = {}): Promise<Server> {
  const { config, clock, random, stores, transaction, database } = core
  await database.migrate()

  const keys = await keepKeys(core)
  const sealing = await sealAudit(core, keys.masterKey, {
    sealed: ({ position, hash }) => app.log.info({ position, hash }, 'the audit is sealed so far'),
    broken: fault => app.log.error({ fault }, 'the audit is not as it was sealed, or not sealed in time'),
  })
  await keys.rotateIfDue()
  const gate = createGate({
    issuer: config.publicUrl,
    audience: config.audience,
    maxTokenLifeSeconds: config.accessTtlSeconds,
    silenceBoundMs,
    importKey: keys.ring.importKey,
  })
  const live = createLive({
    gate,
    audit: stores.audit,
    sessions: stores.sessions,
    clock,
    auditBody: toAuditEventBody,
    report: cause => app.log.error({ err: cause }, 'the audit cannot be read for those who follow it'),
  })
  const issuer = createTokenIssuer({
    keyRing: keys.ring,
    random,
    issuer: config.publicUrl,
    audience: config.audience,
    accessTtlSeconds: config.accessTtlSeconds,
  })
  const openRefreshToken = createRefreshTokenOpener(keys.ring, config.publicUrl)
  const follower = createFollower({
    gate,
    feed: stores.feed,
    readSnapshot: () => readSnapshot(core, keys),
    async onChanges(changes) {
      live.heard(changes)
      await keys.follow(changes)
    },
    readCatalogue: () => readCatalogue(stores),
    onLoaded: live.judgeAll,
    onWake: listener => database.onWake(listener),
    clock,
    silenceBoundMs,
    report: (event, cause) =>
      event === 'lost'
        ? app.log.error({ err: cause }, 'the ledger of changes cannot be read: protected calls answer 503')
        : app.log.info('the ledger of changes is read again'),
  })

  core.onCommitted(follower.committed)
  // What it would be told of next, nobody here knows; when it comes back it is refused until somebody does.
  follower.onSilence(live.sendAway)

  const setup = createSetupPrinter({
    transaction,
    setupLinks: stores.setupLinks,
    clock,
    random,
    printedBy: `${hostname()}:${config.port}`,
  })
  const budgets = createRequestBudgets(core, (userId, unrecorded) =>
    app.log.warn({ userId, unrecorded }, 'refused permissions of one account were counted, not audited'),
  )
  const throttle = createThrottle({
    clock,
    transaction,
    rules: throttleRules(config),
    markKey: deriveKey(keys.masterKey, 'propusk tried passwords'),
  })
  const deviceTokens = createDeviceTokens(deriveKey(keys.masterKey, 'propusk known devices'), random)
  const guard = requestGuard({
    core,
    gate,
    follower,
    openRefreshToken,
    deniedEvents: budgets.deniedEvents,
  })
  const app = createHttpApp({
    guard,
    log: { level: config.logLevel, ...(extras.logStream && { stream: extras.logStream }) },
    trustProxy: config.trustProxy,
    corsOrigins: config.corsOrigins,
    docs: config.docs,
    isStaff: async ({ userId }) => (await stores.users.findById(userId))?.isStaff ?? false,
    metrics: config.metrics,
    gauges: {
      hashQueue: () => core.hasher.load,
      ledgerAgeSeconds: () => follower.ageMs() / 1000,
      eventStreams: () => live.count,
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
    readiness: () => readiness(core, gate, sealing),
  })
  const isStillPermitted = stillPermitted({ gate, follower, clock })
  const presence = createPresence({ transaction, clock, random, version, host: hostname() })
  app.register(
    apiBasePath,
    roomRoutes(core, {
      throttle,
      deviceTokens,
      gate,
      guard,
      live,
      issuer,
      openRefreshToken,
      budgets,
      keys,
      presence,
      exportRows: createExportRows({
        clock,
        slots: createExportSlots(),
        record: recordExport(core),
        isStillPermitted: ({ principal, what }, sinceMs) =>
          isStillPermitted(principal, { resource: what, action: 'read' }, sinceMs),
      }),
      pager: pagerOf(keys, config.publicUrl),
    }),
  )
  for (const { basePath, routes } of extras.apis?.(core) ?? []) app.register(basePath, routes)

  const noteTokenLife = () => transaction(({ changes }) => changes.noteTokenLife(clock.nowMs()))
  await noteTokenLife()
  const evenOutHashing = async () => core.hasher.evenOut(await stores.users.listForeignHashes())
  await evenOutHashing()
  await follower.start()
  const housekeeping = startHousekeeping({
    clock,
    transaction,
    lease: createLease('housekeeping', housekeepingLeaseMs, { transaction, clock, random }),
    config,
    tellMissed: () => throttle.tellMissed(clock.nowMs()),
    tellPresence: () => presence.tell(),
    noteTokenLife,
    evenOutHashing,
    rotateDueKey: () => keys.rotateIfDue(),
    auditSealer: sealing,
    auditCutter: sealing.cutter,
    watchAudit: () => sealing.watch(),
    auditTallier: createAuditTallier({
      tallies: stores.tallies,
      greatestEventId: () => stores.seals.greatestEventId(),
      monotonicMs: () => clock.monotonicMs(),
      transaction,
    }),
    reloadKeys: () => keys.settle(),
    report: ({ step, cause }) =>
      app.log.error({ step, err: cause }, 'housekeeping failed; it is tried again in a minute'),
  })
  return {
    core,
    app,
    gate,
    follower,
    keys,
    housekeeping,
    setup,
    introduce: () =>
      presence.tell().catch(err => {
        app.log.warn({ err }, 'this node could not say that it is there; it is tried again in a minute')
      }),
    async close() {
      // First, and beside what is under way: the next node does not wait for it.
      const handedOver = housekeeping.stop().catch(err => {
        app.log.warn({ err }, 'the lease of housekeeping could not be given back; it runs out by itself')
      })
      const left = presence.leave().catch(err => {
        app.log.warn({ err }, 'this node could not take its row away; others see it as silent')
      })
      const withdrawn = setup.withdraw().catch(err => {
        app.log.warn({ err }, 'the setup link could not be withdrawn; it runs out by itself')
      })
      live.close()
      await app.close()
      budgets.stop()
      // After the last request, whose guess may be one of them.
      await throttle.tellMissed(clock.nowMs()).catch(err => {
        app.log.error({ err }, 'refused sign-ins that were only counted could not be told to the audit')
      })
      follower.stop()
      await Promise.all([handedOver, left, withdrawn])
      await core.close()
    },
  }
}

interface Shared {
  readonly throttle: Throttle
  readonly deviceTokens: DeviceTokens
  readonly gate: Gate
  readonly guard: RequestGuard
  readonly live: Live
  readonly issuer: TokenIssuer
  readonly openRefreshToken: OpenRefreshToken
  readonly pager: Pager
  readonly budgets: RequestBudgets
  readonly keys: KeyKeeping
  readonly presence: Presence
  readonly exportRows: ExportRows
}

/** The routes of every room, each given the few things that it needs. */
function roomRoutes(
  core: Core,
  {
    throttle,
    deviceTokens,
    gate,
    guard,
    live,
    issuer,
    openRefreshToken,
    pager,
    budgets,
    keys,
    presence,
    exportRows,
  }: Shared,
): readonly Route[] {
  const { config, database, stores, transaction, clock, random, hasher, leakedPasswords } = core
  const { users, sessions, standings, permissions, audit, setupLinks } = stores
  const { passwordMinLength, sessionTtlSeconds, sessionsPerAccount, registration } = config
  const accounts = {
    transaction,
    clock,
    users,
    hasher,
    passwordMinLength,
    leakedPasswords,
    throttle,
    deviceTokens,
  }
  const signIn = { ...accounts, issuer, random, sessionTtlSeconds, sessionsPerAccount, registration }
  const tokens = {
    transaction,
    firstUses: firstUsesOn(database),
    openRefreshToken,
    issuer,
    random,
    clock,
    budgets,
  }
  return [
    ...signInRoutes(signIn),
    ...browserRoutes({ signIn, tokens }),
    ...setupRoutes({ ...signIn, transaction, setupLinks, badTokens: budgets.badSetupTokens }, tokens),
    ...tokenRoutes(tokens),
    ...accountRoutes({ ...accounts, permissions, permissionsOf: gate.permissionsOf }),
    ...sessionRoutes({ transaction, clock, pager, sessions, standings, guard, exportRows }),
    ...userRoutes({ ...accounts, pager, exportRows }),
    ...accessRoutes({
      transaction,
      clock,
      stores,
      pager,
      guard,
      checkBudget: budgets.accessChecks,
    }),
    ...throttleRoutes({ transaction, clock, throttle: stores.throttle, pager }),
    ...auditRoutes({ audit, pager, exportRows }),
    ...statisticsRoutes({
      clock,
      tallies: stores.tallies,
      readStanding: keepFor(standingLifeMs, clock, nowMs => readStanding(stores, nowMs)),
    }),
    ...keyRoutes({
      keys: stores.keys,
      publishNext: acting => keys.publishNext(acting),
      signAtOnce: acting => keys.signAtOnce(acting),
    }),
    ...nodeRoutes({
      nodes: stores.nodes,
      presence,
      clock,
      version,
      engine: core.database.engine,
      settings: showSettings(config),
    }),
    ...liveRoutes(live),
  ]
}

/** Who takes rows out of the house stands in the audit, with which rows they asked for. */
const recordExport =
  ({ transaction }: Core) =>
  ({ principal, origin, what, filters }: ExportAct, nowMs: EpochMs): Promise<void> =>
    transaction(({ audit }) =>
      audit.append(
        {
          actorId: principal.userId,
          action: 'data.export',
          target: what,
          origin,
          details: { format: 'csv', filters },
        },
        nowMs,
      ),
    )

/** They are counted from indexes, and among a million that is felt: nobody's chart needs them sooner. */
const standingLifeMs = 10_000

/** How many there are of what the charts show, now. */
async function readStanding({ users, sessions, throttle }: Stores, nowMs: EpochMs) {
  const [counted, liveSessions, blocked] = await Promise.all([
    users.count(),
    sessions.countLive(nowMs),
    throttle.countBlocked(nowMs),
  ])
  return {
    users: counted,
    liveSessions,
    locked: { accounts: blocked.get('account') ?? 0, addresses: blocked.get('address') ?? 0 },
  }
}

/** Cursors are signed with a key of their own, the same on every node. */
const pagerOf = ({ masterKey }: KeyKeeping, publicUrl: string): Pager =>
  createPager(deriveKey(masterKey, 'propusk list cursors'), publicUrl)

/**
 * What a gate starts from: users, sessions, roles and the catalogue at one position of the ledger. The keys are read later, which is
 * harmless: what is said of a key only moves forward.
 */
async function readSnapshot(core: Core, keys: KeyKeeping) {
  const nowMs = core.clock.nowMs()
  const { position, roles, catalogue, ...told } = await core.snapshot(
    async ({ feed, permissions, ...entries }) => ({
      ...(await feed.readState(nowMs)),
      roles: await permissions.readRoles(),
      catalogue: await readCatalogue(entries),
    }),
  )
  await keys.reload()
  const published = keys.ring
    .list()
    .filter(key => isPublished(key, nowMs))
    .map(toPublishedKey)
  return { position, snapshot: { ...told, roles, catalogue, keys: published } }
}

/** A fault of the audit is named and keeps no node from its work: it is for people to look into, not for a balancer. */
async function readiness({ database, clock }: Core, gate: Gate, sealing: AuditSealing) {
  const store = await database.ping().then(
    () => 'ok',
    () => 'the database does not answer',
  )
  const ledger = gate.isFresh(clock.monotonicMs()) ? 'ok' : 'the ledger of changes has not been heard'
  return {
    ready: store === 'ok' && ledger === 'ok',
    checks: { store, ledger, audit: sealing.fault() ?? 'ok' },
  }
}
