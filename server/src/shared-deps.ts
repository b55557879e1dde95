import type { Gate } from '@propusk/gate/core'
import type { Brand } from './brand/index.ts'
import type { Follower } from './changes/index.ts'
import type { ChangesFeed } from './changes-feed/index.ts'
import { sessionLimitsOf } from './config/index.ts'
import type { Core, Stores } from './core.ts'
import type { ExportRows, ExportSlots } from './exports/index.ts'
import { createPasskeys, type FactorDeps } from './factors/index.ts'
import { createForwardTokens } from './forward-auth/index.ts'
import type { Pager, RequestGuard } from './http/index.ts'
import type { SessionPrincipal } from './kernel/index.ts'
import type { KeyKeeping } from './key-keeping.ts'
import { deriveKey } from './keys/index.ts'
import type { EventHub } from './live/index.ts'
import type { Heartbeat } from './nodes/index.ts'
import { createProofSecrets } from './proofs/index.ts'
import { grantsOf, principalOfSession } from './request-guard.ts'
import type { RequestLimits } from './request-limits.ts'
import type { DeviceTokens, Throttle } from './throttle/index.ts'
import { type OpenRefreshToken, sqlRotationStore, type TokenIssuer } from './tokens/index.ts'

/** What the whole server has beside the core. */
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

/** What the routes of several modules are given alike. */
export function sharedDeps(
  core: Core,
  { throttle, deviceTokens, gate, follower, guard, issuer, openRefreshToken, limits, keys }: ApiParts,
) {
  const { config, database, stores, transaction, clock, random, hasher, leakedPasswords } = core
  const { users, permissions } = stores
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
  const signIn = {
    ...accounts,
    issuer,
    random,
    sessionLimits: sessionLimitsOf(config),
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
  const forward = {
    forwardRules: stores.forwardRules,
    forwardTokens: forwardTokensOf(core, keys),
    guard,
    principalOfSession: principalOfSession({ gate, follower, core }),
  }
  return { accounts, byFactor, ownFactors, profile, signIn, stepUp, tokens, forward }
}

/** The cookies by which a browser passes proxies that ask; undefined where the settings name no domain for them. */
const forwardTokensOf = (
  { config: { forwardCookieDomain: domain, publicUrl } }: Core,
  { ring }: KeyKeeping,
) => (domain === undefined ? undefined : createForwardTokens({ keyRing: ring, issuer: publicUrl, domain }))
