import { type Gate, startOfSessionMs } from '@propusk/gate'
import { missingFrom, type RightsStore } from './access/index.ts'
import type { ApiKeyStore } from './api-keys/index.ts'
import type { Follower } from './changes/index.ts'
import {
  type EpochMs,
  isKeyPrincipal,
  type Principal,
  permissionName,
  type TimeSource,
} from './kernel/index.ts'

interface Deps {
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
 * and the permission holds, by the changes that the gate has heard. Refuses with `unavailable` when the gate is too far
 * behind.
 *
 * It must be asked again before the gate forgets a change, one life of an access token and a minute after it was made.
 */
export const stillPermitted =
  ({ gate, follower, clock, stores: { apiKeys, rights } }: Deps) =>
  async (principal: Principal, { resource, action }: Permission, sinceMs: EpochMs): Promise<boolean> => {
    if (!gate.isFresh(clock.monotonicMs())) await follower.assureFresh()
    if (isKeyPrincipal(principal)) {
      if (!(await apiKeys.isLiving(principal.apiKeyId, clock.nowMs()))) return false
      return missingFrom(await rights.ofCaller(principal), [permissionName(resource, action)]) === undefined
    }
    const { userId, sessionId: sid, roles, roleIds, isSuperuser } = principal
    if (!gate.alive({ sid, userId, startedAtMs: startOfSessionMs(sid) }, clock.nowMs())) return false
    // As if a token had been made when the principal was: a newer change of the user or the roles replaces it.
    const grants = gate.grantsOf({
      userId,
      roles,
      ...(roleIds && { roleIds }),
      ...(isSuperuser && { superuser: true }),
      iat: sinceMs / 1000,
    })
    return gate.allows(grants, resource, action)
  }
