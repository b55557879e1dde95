import { hostname } from 'node:os'
import { fileURLToPath } from 'node:url'
import { type Change, createGate, type Gate } from '@propusk/gate'
import { accessRoutes } from './access/index.ts'
import { auditRoutes, createAuditTallier, toAuditEventBody } from './audit/index.ts'
import { type AuditSealing, sealAudit } from './audit-sealing.ts'
import { browserRoutes } from './browser/index.ts'
import { createFollower } from './changes/index.ts'
import { showSettings } from './config/index.ts'
import type { Core } from './core.ts'
import type { Door } from './door/index.ts'
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
import { signInRoutes } from './sign-in/index.ts'
import { keepFor, statisticsRoutes } from './statistics/index.ts'
import { stillPermitted } from './still-permitted.ts'
import { firstUsesOn, type Stores } from './stores.ts'
import { tagDescriptions } from './tags.ts'
import { createThrottle, type Throttle, throttleRoutes, throttleRules } from './throttle/index.ts'
import {
  createRefreshTokenOpener,
  createTokenIssuer,
  type OpenRefreshToken,
  type TokenIssuer,
  tokenRoutes,
} from './tokens/index.ts'
import { version } from './version.ts'

export const apiBasePath = '/api/auth'

/** The house, standing: every room wired, the gate fed, the routes registered, nothing listening yet. */
export interface Server {
  readonly core: Core
  readonly app: HttpApp
  readonly gate: Gate
  readonly keys: KeyKeeping
  readonly housekeeping: Housekeeping
  /** Says for the first time that this node is there, once it listens; then housekeeping does. Never rejects. */
  introduce(): Promise<void>
  /** Stops listening, finishes what is under way, and closes the database. */
  close(): Promise<void>
}

interface Extras {
  /** The socket that listens already; see door/door.ts. */
  readonly door?: Door
  /** Where log lines go; standard output unless given. */
  readonly logStream?: HttpOptions['log']['stream']
  /** APIs beside our own: the demo's, or a user's. */
  readonly apis?: (core: Core) => readonly { basePath: string; routes: readonly Route[] }[]
}

/** Made by `npm run build -w console`. */
const pagesDirectory = fileURLToPath(new URL('../../console/dist', import.meta.url))

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
  const apply = async (changes: readonly Change[]) => {
    for (const change of changes) gate.apply(change)
    live.heard(changes)
    await keys.follow(changes)
  }
  core.onCommitted(apply)

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
    apply,
    onWake: listener => database.onWake(listener),
    clock,
    silenceBoundMs,
    report: (event, cause) =>
      event === 'lost'
        ? app.log.error({ err: cause }, 'the ledger of changes cannot be read: protected calls answer 503')
        : app.log.info('the ledger of changes is read again'),
  })

  // What it would be told of next, nobody here knows; when it comes back it is refused until somebody does.
  follower.onSilence(live.sendAway)

  const budgets = createRequestBudgets(core, (userId, unrecorded) =>
    app.log.warn({ userId, unrecorded }, 'refused permissions of one account were counted, not audited'),
  )
  const throttle = createThrottle({
    clock,
    transaction,
    devices: stores.devices,
    rules: throttleRules(config),
    markKey: deriveKey(keys.masterKey, 'propusk tried passwords'),
  })
  const guard = requestGuard({
    core,
    gate,
    follower,
    openRefreshToken,
    deniedEvents: budgets.deniedEvents,
  })
  const app = createHttpApp({
    guard,
    ...(extras.door && { door: extras.door }),
    log: { level: config.logLevel, ...(extras.logStream && { stream: extras.logStream }) },
    trustProxy: config.trustProxy,
    corsOrigins: config.corsOrigins,
    docs: config.docs,
    isStaff: async ({ userId }) => (await stores.users.findById(userId))?.isStaff ?? false,
    metrics: config.metrics,
    publicUrl: config.publicUrl,
    version,
    tags: tagDescriptions,
    pagesDirectory,
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
      pager: pagerOf(keys),
    }),
  )
  for (const { basePath, routes } of extras.apis?.(core) ?? []) app.register(basePath, routes)

  await follower.start()
  const housekeeping = startHousekeeping({
    clock,
    transaction,
    lease: createLease('housekeeping', housekeepingLeaseMs, { transaction, clock, random }),
    config,
    tellMissed: () => throttle.tellMissed(clock.nowMs()),
    tellPresence: () => presence.tell(),
    rotateDueKey: () => keys.rotateIfDue(),
    auditSealer: sealing,
    watchAudit: () => sealing.watch(),
    auditTallier: createAuditTallier({
      tallies: stores.tallies,
      greatestEventId: () => stores.seals.greatestEventId(),
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
    keys,
    housekeeping,
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
      live.close()
      await app.close()
      budgets.stop()
      // After the last request, whose guess may be one of them.
      await throttle.tellMissed(clock.nowMs()).catch(err => {
        app.log.error({ err }, 'refused sign-ins that were only counted could not be told to the audit')
      })
      follower.stop()
      await Promise.all([handedOver, left])
      await core.close()
    },
  }
}

interface Shared {
  readonly throttle: Throttle
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
  const { users, sessions, standings, permissions, audit } = stores
  const { passwordMinLength, accessTtlSeconds, sessionTtlSeconds, sessionsPerAccount, registration } = config
  const accounts = { transaction, clock, users, hasher, passwordMinLength, leakedPasswords, throttle }
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
    ...tokenRoutes(tokens),
    ...accountRoutes({ ...accounts, permissions, permissionsOf: gate.permissionsOf }),
    ...sessionRoutes({ transaction, clock, pager, sessions, standings, guard, exportRows }),
    ...userRoutes({ ...accounts, pager, exportRows }),
    ...accessRoutes({
      transaction,
      clock,
      accessTtlSeconds,
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
const pagerOf = ({ masterKey }: KeyKeeping): Pager =>
  createPager(deriveKey(masterKey, 'propusk list cursors'))

/** What a gate starts from. Read in this order: a change that commits in between is read again as a change. */
async function readSnapshot(core: Core, keys: KeyKeeping) {
  const { stores, clock } = core
  const nowMs = clock.nowMs()
  const changes = await stores.feed.readAfter(0, nowMs)
  await keys.reload()
  return {
    keys: keys.ring
      .list()
      .filter(key => isPublished(key, nowMs))
      .map(toPublishedKey),
    roles: await stores.permissions.readRolePermissions(),
    changes,
  }
}

/** A fault of the audit is named and keeps no node from its work: it is for people to look into, not for a balancer. */
async function readiness({ database, clock }: Core, gate: Gate, sealing: AuditSealing) {
  const store = await database.ping().then(
    () => 'ok',
    () => 'the database does not answer',
  )
  const ledger = gate.isFresh(clock.nowMs()) ? 'ok' : 'the ledger of changes has not been heard'
  return {
    ready: store === 'ok' && ledger === 'ok',
    checks: { store, ledger, audit: sealing.fault() ?? 'ok' },
  }
}
