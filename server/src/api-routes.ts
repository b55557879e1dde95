import { accessRoutes } from './access/index.ts'
import { apiKeyRoutes } from './api-keys/index.ts'
import { version } from './assets.ts'
import { auditRoutes, ownEventRoutes } from './audit/index.ts'
import { brandRoutes } from './brand/index.ts'
import { browserCodeRoutes, browserRoutes } from './browser/index.ts'
import { changesFeedRoutes } from './changes-feed/index.ts'
import { showSettings } from './config/index.ts'
import type { Core, Stores } from './core.ts'
import { factorRoutes, passkeyRoutes, userFactorRoutes } from './factors/index.ts'
import { forwardCookieRoutes, forwardRoutes, forwardRuleRoutes } from './forward-auth/index.ts'
import type { Route } from './http/index.ts'
import { accountRoutes, userRoutes } from './identity/index.ts'
import { invitationRoutes } from './invitations/index.ts'
import type { EpochMs } from './kernel/index.ts'
import { keyRoutes } from './keys/index.ts'
import { liveRoutes } from './live/index.ts'
import { mailRoutes } from './mail/index.ts'
import { nodeRoutes } from './nodes/index.ts'
import { ownDataRoutes } from './own-data/index.ts'
import { recoveryRoutes } from './recovery/index.ts'
import { listRememberedDevices, rememberedDeviceRoutes } from './remembered-devices/index.ts'
import { sessionRoutes } from './sessions/index.ts'
import { setupRoutes } from './setup/index.ts'
import { type ApiParts, sharedDeps } from './shared-deps.ts'
import { codeRoutes, optionsRoutes, signInRoutes } from './sign-in/index.ts'
import { cachedFor, statisticsRoutes } from './statistics/index.ts'
import { stepUpRoutes } from './step-up/index.ts'
import { throttleRoutes } from './throttle/index.ts'
import { tokenRoutes } from './tokens/index.ts'

export const apiBasePath = '/api/auth'

/** The routes of every module, each given the few things that it needs. */
export function apiRoutes(core: Core, parts: ApiParts): readonly Route[] {
  const { config, stores, transaction, clock, random } = core
  const { users, sessions, userGrants, audit, setupLinks } = stores
  const { gate, guard, eventHub, feed, pager, limits, keys, heartbeat, exportRows, exportSlots, brand } =
    parts
  const { accounts, byFactor, ownFactors, profile, signIn, stepUp, tokens, forward } = sharedDeps(core, parts)
  return [
    ...signInRoutes(signIn),
    ...codeRoutes(signIn),
    ...optionsRoutes(signIn),
    ...browserRoutes({ signIn, tokens, stepUp, forwardCookieDomain: config.forwardCookieDomain }),
    ...browserCodeRoutes({ signIn, tokens }),
    ...forwardCookieRoutes({ ...forward, tokens }),
    ...setupRoutes({ ...signIn, transaction, setupLinks, badTokens: limits.badSetupTokens }, tokens),
    ...tokenRoutes(tokens),
    ...recoveryRoutes({ ...accounts, byFactor }),
    ...factorRoutes(ownFactors),
    ...passkeyRoutes(ownFactors),
    ...rememberedDeviceRoutes({ transaction, stores, users, clock }),
    ...userFactorRoutes({
      transaction,
      clock,
      stores,
      countRemembered: async userId => (await listRememberedDevices({ stores, users, clock }, userId)).length,
    }),
    ...stepUpRoutes(stepUp),
    ...accountRoutes({ ...accounts, ...profile }),
    ...ownDataRoutes({ ...profile, transaction, clock, stores, pager, slots: exportSlots }),
    ...sessionRoutes({ transaction, clock, pager, sessions, userGrants, guard, exportRows }),
    ...userRoutes({ ...accounts, pager, exportRows, guard }),
    ...invitationRoutes({ ...accounts, stores, pager }),
    ...accessRoutes({
      transaction,
      clock,
      stores,
      pager,
      guard,
      checkLimiter: limits.accessChecks,
    }),
    ...apiKeyRoutes({ transaction, clock, random, apiKeys: stores.apiKeys, pager }),
    ...forwardRuleRoutes({
      transaction,
      clock,
      pager,
      guard,
      forwardRules: stores.forwardRules,
      userGrants,
      allows: gate.allows,
    }),
    ...forwardRoutes({ ...forward, users, keyRing: keys.ring, clock, issuer: config.publicUrl }),
    ...throttleRoutes({ transaction, clock, throttle: stores.throttle, pager }),
    ...brandRoutes(brand),
    ...mailRoutes({ transaction, clock, outbox: stores.outbox, pager }),
    ...auditRoutes({ audit, pager, exportRows }),
    ...ownEventRoutes({ audit, pager }),
    ...statisticsRoutes({
      clock,
      hourCounts: stores.hourCounts,
      readTotals: cachedFor(totalsLifeMs, clock, nowMs => readTotals(stores, nowMs)),
    }),
    ...keyRoutes({
      keys: stores.keys,
      publishNext: caller => keys.publishNext(caller),
      signAtOnce: caller => keys.signAtOnce(caller),
    }),
    ...nodeRoutes({
      nodes: stores.nodes,
      heartbeat,
      clock,
      version,
      engine: core.database.engine,
      settings: showSettings(config),
    }),
    ...liveRoutes(eventHub),
    ...changesFeedRoutes(feed),
  ]
}

/** They are counted from indexes, which takes a while among a million, and no chart needs them sooner. */
const totalsLifeMs = 10_000

/** How many there are of what the charts show, now. */
async function readTotals({ users, sessions, throttle }: Stores, nowMs: EpochMs) {
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
