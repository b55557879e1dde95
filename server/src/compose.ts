import { type Change, createGate, type Gate } from '@propusk/gate'
import { accessRoutes } from './access/index.ts'
import { auditRoutes } from './audit/index.ts'
import { sealAudit } from './audit-sealing.ts'
import { createFollower } from './changes/index.ts'
import type { Core } from './core.ts'
import type { Door } from './door/index.ts'
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
import { type KeyKeeping, keepKeys, longestTokenLifeSeconds } from './key-keeping.ts'
import { deriveKey, isPublished, toPublishedKey } from './keys/index.ts'
import { createLease } from './leases/index.ts'
import { createRequestBudgets, type RequestBudgets } from './request-budgets.ts'
import { requestGuard } from './request-guard.ts'
import { sessionRoutes } from './sessions/index.ts'
import { signInRoutes } from './sign-in/index.ts'
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

/** How long a node may go without word from the ledger before it refuses to answer (503). */
const silenceBoundMs = 1_000

/** Wires the object graph on an open core: migrates, makes the first key, feeds the gate. */
export async function composeServer(core: Core, extras: Extras = {}): Promise<Server> {
  const { config, clock, random, stores, transaction, database } = core
  await database.migrate()

  const keys = await keepKeys(core)
  await keys.rotateIfDue()
  const gate = createGate({
    issuer: config.publicUrl,
    audience: config.audience,
    maxTokenLifeSeconds: config.accessTtlSeconds,
    silenceBoundMs,
    importKey: keys.ring.importKey,
  })
  const apply = async (changes: readonly Change[]) => {
    for (const change of changes) gate.apply(change)
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
    random,
    clock,
    jwks: () => keys.ring.jwks(clock.nowMs()),
    readiness: () => readiness(core, gate),
  })
  app.register(
    apiBasePath,
    roomRoutes(core, { throttle, gate, guard, issuer, openRefreshToken, budgets, pager: pagerOf(keys) }),
  )
  for (const { basePath, routes } of extras.apis?.(core) ?? []) app.register(basePath, routes)

  await follower.start()
  const housekeeping = startHousekeeping({
    clock,
    transaction,
    lease: createLease('housekeeping', housekeepingLeaseMs, { transaction, clock, random }),
    config,
    tellMissed: () => throttle.tellMissed(clock.nowMs()),
    rotateDueKey: () => keys.rotateIfDue(),
    auditSealer: sealAudit(core, keys.masterKey, ({ position, hash }) =>
      app.log.info({ position, hash }, 'the audit is sealed so far'),
    ),
    reloadKeys: () => keys.reload(),
    report: ({ step, cause }) =>
      app.log.error({ step, err: cause }, 'housekeeping failed; it is tried again in a minute'),
  })
  return {
    core,
    app,
    gate,
    keys,
    housekeeping,
    async close() {
      // First, and beside what is under way: the next node does not wait for it.
      const handedOver = housekeeping.stop().catch(err => {
        app.log.warn({ err }, 'the lease of housekeeping could not be given back; it runs out by itself')
      })
      await app.close()
      budgets.stop()
      follower.stop()
      await handedOver
      await core.close()
    },
  }
}

interface Shared {
  readonly throttle: Throttle
  readonly gate: Gate
  readonly guard: RequestGuard
  readonly issuer: TokenIssuer
  readonly openRefreshToken: OpenRefreshToken
  readonly pager: Pager
  readonly budgets: RequestBudgets
}

/** The routes of every room, each given the few things that it needs. */
function roomRoutes(
  core: Core,
  { throttle, gate, guard, issuer, openRefreshToken, pager, budgets }: Shared,
): readonly Route[] {
  const { config, stores, transaction, clock, random, hasher, leakedPasswords } = core
  const { users, sessions, standings, permissions, audit } = stores
  const { passwordMinLength, accessTtlSeconds, sessionTtlSeconds, sessionsPerAccount, registration } = config
  const accounts = { transaction, clock, users, hasher, passwordMinLength, leakedPasswords, throttle }
  return [
    ...signInRoutes({ ...accounts, issuer, random, sessionTtlSeconds, sessionsPerAccount, registration }),
    ...tokenRoutes({ transaction, openRefreshToken, issuer, random, clock, budgets }),
    ...accountRoutes({ ...accounts, permissions, permissionsOf: gate.permissionsOf }),
    ...sessionRoutes({ transaction, clock, pager, sessions, standings, guard }),
    ...userRoutes({ ...accounts, pager }),
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
    ...auditRoutes({ audit, pager }),
  ]
}

/** Cursors are signed with a key of their own, the same on every node. */
const pagerOf = ({ masterKey }: KeyKeeping): Pager =>
  createPager(deriveKey(masterKey, 'propusk list cursors'))

/** What a gate starts from. Read in this order: a change that commits in between is read again as a change. */
async function readSnapshot(core: Core, keys: KeyKeeping) {
  const { stores, clock } = core
  const nowMs = clock.nowMs()
  const lifeSeconds = longestTokenLifeSeconds(core)
  const changes = await stores.feed.readAfter(0, nowMs)
  await keys.reload()
  return {
    keys: keys.ring
      .list()
      .filter(key => isPublished(key, lifeSeconds, nowMs))
      .map(key => toPublishedKey(key, lifeSeconds)),
    roles: await stores.permissions.readRolePermissions(),
    changes,
  }
}

async function readiness({ database, clock }: Core, gate: Gate) {
  const store = await database.ping().then(
    () => 'ok',
    () => 'the database does not answer',
  )
  const ledger = gate.isFresh(clock.nowMs()) ? 'ok' : 'the ledger of changes has not been heard'
  return { ready: store === 'ok' && ledger === 'ok', checks: { store, ledger } }
}
