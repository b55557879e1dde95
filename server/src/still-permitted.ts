import { type Gate, startOfSessionMs } from '@propusk/gate'
import type { Follower } from './changes/index.ts'
import type { EpochMs, Principal, TimeSource } from './kernel/index.ts'

interface Deps {
  readonly gate: Gate
  readonly follower: Pick<Follower, 'assureFresh'>
  readonly clock: TimeSource
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
  ({ gate, follower, clock }: Deps) =>
  async (principal: Principal, { resource, action }: Permission, sinceMs: EpochMs): Promise<boolean> => {
    if (!gate.isFresh(clock.monotonicMs())) await follower.assureFresh()
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
