import type { Gate } from '@propusk/gate/core'
import { accessRoutes } from './access/index.ts'
import { apiKeyRoutes } from './api-keys/index.ts'
import { version } from './assets.ts'
import { auditRoutes, ownEventRoutes } from './audit/index.ts'
import { type Brand, brandRoutes } from './brand/index.ts'
import { browserCodeRoutes, browserRoutes } from './browser/index.ts'
import type { Follower } from './changes/index.ts'
import { type ChangesFeed, changesFeedRoutes } from './changes-feed/index.ts'
import { sessionLimitsOf, showSettings } from './config/index.ts'
import type { Core, Stores } from './core.ts'
import type { BegunExport, ExportRows, ExportSlots } from './exports/index.ts'
import {
  createPasskeys,
  type FactorDeps,
  factorRoutes,
  passkeyRoutes,
  userFactorRoutes,
} from './factors/index.ts'
import {
  createForwardTokens,
  forwardCookieRoutes,
  forwardRoutes,
  forwardRuleRoutes,
} from './forward-auth/index.ts'
import { createPager, type Pager, type RequestGuard, type Route } from './http/index.ts'
import { accountRoutes, userRoutes } from './identity/index.ts'
import { invitationRoutes } from './invitations/index.ts'
import type { EpochMs, SessionPrincipal } from './kernel/index.ts'
import type { KeyKeeping } from './key-keeping.ts'
import { deriveKey, keyRoutes } from './keys/index.ts'
import { type EventHub, liveRoutes } from './live/index.ts'
import { mailRoutes } from './mail/index.ts'
import { type Heartbeat, nodeRoutes } from './nodes/index.ts'
import { ownDataRoutes } from './own-data/index.ts'
import { createProofSecrets } from './proofs/index.ts'
import { recoveryRoutes } from './recovery/index.ts'
import { listRememberedDevices, rememberedDeviceRoutes } from './remembered-devices/index.ts'
import { grantsOf, principalOfSession } from './request-guard.ts'
import type { RequestLimits } from './request-limits.ts'
import { sessionRoutes } from './sessions/index.ts'
import { setupRoutes } from './setup/index.ts'
import { codeRoutes, optionsRoutes, signInRoutes } from './sign-in/index.ts'
import { cachedFor, statisticsRoutes } from './statistics/index.ts'
import { stepUpRoutes } from './step-up/index.ts'
import { type DeviceTokens, type Throttle, throttleRoutes } from './throttle/index.ts'
import { type OpenRefreshToken, sqlRotationStore, type TokenIssuer, tokenRoutes } from './tokens/index.ts'

export const apiBasePath = '/api/auth'

/** What the modules share beside the core. */
export interface ApiParts {
  readonly throttle: Throttle
  readonly deviceTokens: DeviceTokens
  readonly gate: Gate
  readonly follower: Follower
  readonly guard: RequestGuard
  readonly eventHub: EventHub
  readonly feed: ChangesFeed
  readonly issuer: TokenIssuer
  readonly openRefreshToken: OpenRefreshToken
  readonly pager: Pager
  readonly limits: RequestLimits
  readonly keys: KeyKeeping
  readonly heartbeat: Heartbeat
  readonly exportRows: ExportRows
  readonly exportSlots: ExportSlots
  readonly brand: Brand
}

/** The routes of every module, each given the few things that it needs. */
export function apiRoutes(
  core: Core,
  {
    throttle,
    deviceTokens,
    gate,
    follower,
    guard,
    eventHub,
    feed,
    issuer,
    openRefreshToken,
    pager,
    limits,
    keys,
    heartbeat,
    exportRows,
    exportSlots,
    brand,
  }: ApiParts,
): readonly Route[] {
  const { config, database, stores, transaction, clock, random, hasher, leakedPasswords } = core
  const { users, sessions, userGrants, permissions, audit, setupLinks } = stores
  const { passwordMinLength, registration, loginCode, rememberDeviceDays } = config
  const accounts = {
    transaction,
    clock,
    users,
    hasher,
    passwordMinLength,
    leakedPasswords,
    throttle,
    deviceTokens,
    secrets: createProofSecrets(keys.masterKey, config.publicUrl),
    proofs: stores.proofs,
    isMailOn: core.mail !== undefined,
  }
  const byFactor: FactorDeps<Stores> = {
    transaction,
    stores,
    hasher,
    throttle,
    clock,
    vault: { key: deriveKey(keys.masterKey, 'propusk totp secrets'), random },
    selectorKey: deriveKey(keys.masterKey, 'propusk recovery codes'),
    ceremonies: createPasskeys({ publicUrl: config.publicUrl, masterKey: keys.masterKey, random, clock }),
  }
  const ownFactors = {
    staffFactor: config.staffFactor,
    ...byFactor,
    users,
    random,
    issuer: new URL(config.publicUrl).hostname,
  }
  const profile = {
    users,
    permissions,
    permissionsOf: (principal: SessionPrincipal) => gate.permissionsOf(grantsOf(principal)),
    permissionsWithFactorOf: (principal: SessionPrincipal) =>
      gate.permissionsOf({ ...grantsOf(principal), acr: 'aal2' }),
  }
  const sessionLimits = sessionLimitsOf(config)
  const signIn = {
    ...accounts,
    issuer,
    random,
    sessionLimits,
    registration,
    loginCode,
    rememberDeviceDays,
    byFactor,
    tickets: stores.tickets,
    badTickets: limits.badRefresh,
  }
  const stepUp = { byFactor, users, hasher, throttle, issuer, random }
  const tokens = {
    transaction,
    rotations: sqlRotationStore(database, transaction),
    sessions: stores.sessions,
    openRefreshToken,
    issuer,
    random,
    clock,
    limits,
  }
  const domain = config.forwardCookieDomain
  const forwardTokens =
    domain === undefined
      ? undefined
      : createForwardTokens({ keyRing: keys.ring, issuer: config.publicUrl, domain })
  const forward = {
    forwardRules: stores.forwardRules,
    forwardTokens,
    guard,
    principalOfSession: principalOfSession({ gate, follower, core }),
  }
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

/** Each export is an event of the audit, with the caller and the filters. */
export const recordExport =
  ({ transaction }: Core) =>
  ({ principal, origin, what, filters, format }: BegunExport, nowMs: EpochMs): Promise<void> =>
    transaction(({ audit }) =>
      audit.append(
        {
          actorId: principal.userId,
          action: 'data.export',
          target: what,
          origin,
          details: { format, filters },
        },
        nowMs,
      ),
    )

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

/** Cursors are signed with a key of their own, the same on every node. */
export const pagerOf = ({ masterKey }: KeyKeeping, publicUrl: string): Pager =>
  createPager(deriveKey(masterKey, 'propusk list cursors'), publicUrl)

/** The chapters of the API document, in the order in which a newcomer meets them. */
export const tagDescriptions: Readonly<Record<string, string>> = {
  'Sign-in and tokens':
    'Open an account, sign in, trade a refresh token for the next pair, sign out here or everywhere. An access token is a JWT that any service can check by itself; a refresh token works once.',
  'Sign-in by cookie':
    'The same for pages of this server itself, which keep the refresh token in a cookie that no script can read.',
  Recovery: 'Ways back into an account, and proofs of its address: by the link or the code of a mail.',
  Setup: 'The first superuser, made in the console by the link that a server prints when there is none.',
  'Own account': 'What everybody may do with their own account: profile, password, devices, closing it.',
  'Second factors':
    'What an account proves itself with beside the password: authenticator apps, recovery codes. With one that is on, a password alone opens nothing.',
  Users: 'Accounts, for administrators. Nobody changes an account that may do more than they may.',
  Invitations:
    'People who are to open an account of their own, by the link or the code of a mail, with the roles that wait for them.',
  Sessions: 'Who is signed in where. A session can be ended, never made or edited by hand.',
  Roles: 'Named sets of permissions. Nobody hands out, or takes away, what they do not hold.',
  Resources: 'What can be touched. Every API names its resource.',
  Actions:
    'What can be done with a resource. The HTTP method names the action, unless the API names another.',
  Permissions:
    'One action on one resource, written `resource:action`. `resource:all` stands for every action.',
  'Access control': 'May this person do this, why, and who else can?',
  'API keys': 'Keys for programs. A key may do no more than it was given, and no more than its owner may.',
  'Forward-auth': 'Who may pass a proxy that asks: rules by host, path and method.',
  Throttle: 'Who guesses passwords, is guessed at, or has to wait; a counter can be cleared.',
  Mail: 'The mails of the last days: which wait, which failed, and why.',
  Audit: 'Who did what, to what, from where. It can be read and added to, never changed.',
  Statistics: 'How much of it happened, hour by hour, and how things stand.',
  Server: 'The nodes that run, the settings in force, and the signing keys, for administrators.',
  Events: 'What happens to the own session, to the own rights and in the audit, told while it happens.',
  Changes: 'What a gate in another process must know to refuse at once, without asking.',
  OAuth:
    'Whether a token is alive, and how to end it, for programs that speak OAuth (RFC 7662, RFC 7009, RFC 8414).',
  AuthZEN: 'Decisions for programs that speak the Authorization API 1.0 of the OpenID Foundation.',
  'Demo: projects': 'A small protected API to try roles out on.',
  'Demo: documents': 'Another one, with actions of its own: approve and export.',
  'Demo: mail': 'What the demo would have sent by mail.',
}
