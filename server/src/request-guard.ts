import { authenticationOf, type Gate, type Grants, levelOf, startOfSessionMs } from '@propusk/gate/core'
import { missingFrom, type RightsStore } from './access/index.ts'
import { actAs } from './act-as.ts'
import { type ApiKeyStore, type AuthenticateApiKey, isApiKey } from './api-keys/index.ts'
import type { Follower } from './changes/index.ts'
import { sessionLimitsOf } from './config/index.ts'
import type { Core } from './core.ts'
import type { ForwardSession } from './forward-auth/index.ts'
import type { RequestGuard } from './http/index.ts'
import {
  type EpochMs,
  isKeyPrincipal,
  missingPermission,
  needsFactor,
  type Principal,
  permissionName,
  Rejection,
  type SessionId,
  type SessionPrincipal,
  type TimeSource,
  type UserId,
} from './kernel/index.ts'
import type { DeniedEventQuota } from './rate-limits/index.ts'
import { staffFactorAssertion, stepUpAssertion } from './step-up/index.ts'
import { acceptRefreshToken, type OpenRefreshToken } from './tokens/index.ts'

interface Deps {
  readonly core: Core
  readonly gate: Gate
  readonly follower: Follower
  readonly openRefreshToken: OpenRefreshToken
  readonly authenticateApiKey: AuthenticateApiKey
  readonly deniedEvents: DeniedEventQuota
}

const schemeLength = 'Bearer '.length

/** What the caller of a session has in it. */
export const grantsOf = ({ roles, isSuperuser, authentication }: SessionPrincipal): Grants => ({
  roles,
  isSuperuser,
  acr: levelOf(authentication?.acr),
})

/** Answers by the gate what `http/` asks about a caller. */
export function requestGuard(deps: Deps): RequestGuard {
  const { core, gate, follower } = deps
  const { clock, stores, config, database } = core
  const principalOf = principalReader(deps)
  return {
    actAs,
    whileSure: database.engine === 'sqlite' ? work => work : whileSynced(follower),
    authenticate(authorization) {
      const token = authorization.slice(schemeLength)
      // If the last sync is too old, the change feed is read now: a blocked event loop of this process must not refuse
      // a request.
      return gate.isFresh(clock.monotonicMs())
        ? principalOf(token)
        : follower.assureFresh().then(() => principalOf(token))
    },
    permits: (principal, resource, action) => {
      if (!isKeyPrincipal(principal)) return gate.allows(grantsOf(principal), resource, action)
      // The gate says whether there is such a resource and action (ADR 35); of keys it knows nothing.
      const missing = missingFrom(principal, [permissionName(resource, action)])
      return missing === undefined && gate.allows({ roles: [], isSuperuser: true }, resource, action)
    },
    refusalOf: (principal, resource, action) =>
      !isKeyPrincipal(principal) && gate.allows({ ...grantsOf(principal), acr: 'aal2' }, resource, action)
        ? needsFactor()
        : missingPermission(permissionName(resource, action)),
    assertStepUp: stepUpAssertion({ factors: stores.factors, clock }),
    assertStaffFactor: staffFactorAssertion(config.staffFactor, stores.users),
    denied: denialRecorder(deps),
  }
}

/** Who calls, by the token of the request: an access token, an API key, or a refresh token where the settings accept one. */
function principalReader({ core, gate, openRefreshToken, authenticateApiKey }: Deps) {
  const { clock, stores, config } = core

  const byAccessToken = (token: string): Principal | undefined => {
    const result = gate.authenticate(token, clock.nowMs(), clock.monotonicMs())
    if (!result.ok) {
      if (result.rejection === 'stale') throw new Rejection('unavailable', { retryAfterSeconds: 1 })
      return undefined
    }
    const { claims, grants } = result
    const { roles, roleIds, isSuperuser } = grants
    return {
      userId: claims.userId as UserId,
      sessionId: claims.sid as SessionId,
      roles,
      ...(roleIds && { roleIds }),
      isSuperuser,
      accessUntilMs: claims.expiresAtMs,
      authentication: authenticationOf(claims),
    }
  }

  const byRefreshToken = async (token: string): Promise<Principal | undefined> => {
    const accepted = await acceptRefreshToken({ openRefreshToken, ...stores }, token, clock.nowMs())
    if (accepted === undefined) return undefined
    const { grants, userId, sessionId, expiresAtMs } = accepted
    // It says nothing of the level: the lowest, since its session began.
    const authentication = authenticationOf({ startedAtMs: startOfSessionMs(sessionId) })
    return { ...grants, userId, sessionId, accessUntilMs: expiresAtMs, authentication }
  }

  const byApiKey = async (key: string): Promise<Principal> => {
    const { id: apiKeyId, ownerId: userId } = await authenticateApiKey(key)
    const own = { userId, apiKeyId, roles: [], permissions: new Set<string>(), isSuperuser: false } as const
    const { roles, permissions } = await stores.rights.ofCaller(own)
    return { ...own, roles, permissions }
  }

  return (token: string): Principal | Promise<Principal> => {
    if (isApiKey(token)) return byApiKey(token)
    const principal = byAccessToken(token)
    if (principal !== undefined) return principal
    if (!config.refreshAsBearer) throw new Rejection('invalid_token')
    return byRefreshToken(token).then(accepted => {
      if (accepted === undefined) throw new Rejection('invalid_token')
      return accepted
    })
  }
}

/** Writes refused permissions to the audit, as far as the quota of their account goes. */
function denialRecorder({ core: { transaction, clock }, deniedEvents }: Deps): RequestGuard['denied'] {
  return async (principal, { detail }, origin, { method, path }) => {
    const taken = deniedEvents.tryTake(principal.userId)
    if (taken === undefined) return
    const { suppressed } = taken
    const event = {
      actorId: principal.userId,
      action: 'access.denied',
      target: path,
      outcome: 'denied',
      origin,
      details: {
        rule: detail?.key.replace('permission.', ''),
        ...detail?.values,
        ...(isKeyPrincipal(principal) && { api_key_id: principal.apiKeyId }),
        method,
        ...(suppressed > 0 && { unrecorded: suppressed }),
      },
    } as const
    try {
      await transaction(({ audit }) => audit.append(event, clock.nowMs()))
    } catch (error) {
      deniedEvents.putBack(principal.userId, suppressed)
      throw error
    }
  }
}

interface SessionDeps {
  readonly gate: Pick<Gate, 'isFresh'>
  readonly follower: Pick<Follower, 'assureFresh'>
  readonly core: Core
}

/**
 * The caller of a session, as its rows say now: for credentials that live longer than a gate remembers what has ended, and
 * that are never refreshed, so a session that may end when it is idle is used by them. Undefined when it is over. Rejects with `unavailable` when this node cannot know what the roles permit.
 */
export const principalOfSession =
  ({ gate, follower, core: { stores, clock, transaction, config } }: SessionDeps) =>
  async ({ sessionId, userId, expiresAtMs }: ForwardSession): Promise<Principal | undefined> => {
    if (!gate.isFresh(clock.monotonicMs())) await follower.assureFresh()
    const nowMs = clock.nowMs()
    const session = await stores.sessions.findUsable(sessionId, nowMs)
    if (session === undefined) return undefined
    const { lastUsedAtMs, authentication } = session
    const grants = await stores.userGrants.find(userId)
    if (grants === undefined || !grants.isActive) return undefined
    const { idleMs } = sessionLimitsOf(config)
    // A page may ask a hundred times a minute: few of these uses need to be written.
    if (idleMs !== undefined && nowMs - lastUsedAtMs >= idleMs / 4) {
      await transaction(({ sessions }) => sessions.touch(sessionId, nowMs))
    }
    return { ...grants, userId, sessionId, accessUntilMs: expiresAtMs, authentication }
  }

/** Rejects what waits once the change feed is stale (ADR 2). A database in this process is never silent; one beyond a network may leave a question without an answer for seconds. */
function whileSynced(follower: Follower): RequestGuard['whileSure'] {
  const waiting = new Set<() => void>()
  follower.onStale(() => {
    for (const rejectWork of waiting) rejectWork()
    waiting.clear()
  })
  return work =>
    new Promise((resolve, reject) => {
      const rejectWork = () =>
        reject(new Rejection('unavailable', { cause: 'ledger_silent', retryAfterSeconds: 1 }))
      waiting.add(rejectWork)
      work.then(resolve, reject).finally(() => waiting.delete(rejectWork))
    })
}

interface StillPermittedDeps {
  readonly gate: Gate
  readonly follower: Pick<Follower, 'assureFresh'>
  readonly clock: TimeSource
  /** Committed state: keys are read, since the gate knows nothing of them. */
  readonly stores: { readonly apiKeys: ApiKeyStore; readonly rights: RightsStore }
}

interface Permission {
  readonly resource: string
  readonly action: string
}

/**
 * Whether a caller who was admitted at `sinceMs` would be admitted now, for answers that take long: the session lives
 * and the permission holds, by the changes that the gate has received. Rejects with `unavailable` when the gate is too far
 * behind.
 *
 * It must be asked again before the gate forgets a change, one life of an access token and a minute after it was made.
 */
export const stillPermitted =
  ({ gate, follower, clock, stores: { apiKeys, rights } }: StillPermittedDeps) =>
  async (principal: Principal, { resource, action }: Permission, sinceMs: EpochMs): Promise<boolean> => {
    if (!gate.isFresh(clock.monotonicMs())) await follower.assureFresh()
    if (isKeyPrincipal(principal)) {
      if (!(await apiKeys.isLiving(principal.apiKeyId, clock.nowMs()))) return false
      return missingFrom(await rights.ofCaller(principal), [permissionName(resource, action)]) === undefined
    }
    const { userId, sessionId: sid, roles, roleIds, isSuperuser, authentication } = principal
    if (!gate.alive({ sid, userId, startedAtMs: startOfSessionMs(sid) }, clock.nowMs())) return false
    // As if a token had been made when the principal was: a newer change of the user or the roles replaces it.
    const grants = gate.grantsOf({
      userId,
      roles,
      ...(roleIds && { roleIds }),
      ...(isSuperuser && { superuser: true }),
      ...(authentication && { acr: authentication.acr }),
      iat: sinceMs / 1000,
    })
    return gate.allows(grants, resource, action)
  }
