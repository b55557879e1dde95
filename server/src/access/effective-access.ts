import { message, type Principal, permissionName, Refusal, type UserId } from '../kernel/index.ts'
import { assertMayAskAbout, type CheckDeps } from './check-access.ts'
import type { DecisionStore, Ground, Held } from './decision-store.ts'
import type { ActionStore } from './named-store.ts'
import { everyAction } from './rights.ts'
import type { StandingStore } from './standing-store.ts'

/** An action that somebody may do, with every role and permission that allows it. */
export interface EffectivePermission {
  readonly resource: string
  readonly action: string
  readonly because: readonly Ground[]
}

export interface EffectiveAccess {
  readonly userId: UserId
  readonly isActive: boolean
  readonly isSuperuser: boolean
  /** Sorted by resource and action; what the roles give, whatever else a superuser may. */
  readonly permissions: readonly EffectivePermission[]
}

interface EffectiveDeps extends Pick<CheckDeps, 'permits'> {
  readonly stores: {
    readonly standings: StandingStore
    readonly decisions: DecisionStore
    readonly actions: Pick<ActionStore, 'readCodeNames'>
  }
}

/**
 * Reasons in one answer: some 10 MB. A role that holds `all` of many resources counts once for each of their actions,
 * so a catalogue can be made of which the answer would be larger than anybody reads.
 */
const maxReasons = 100_000

/** Everything that a user may do now by their roles, from the database. Nothing for an inactive account. */
export async function effectiveAccess(
  deps: EffectiveDeps,
  principal: Principal,
  userId: UserId,
): Promise<EffectiveAccess> {
  assertMayAskAbout(deps, principal, userId)
  const { standings, decisions, actions } = deps.stores
  const standing = await standings.find(userId)
  if (standing === undefined) throw new Refusal('not_found')
  const { isActive, isSuperuser } = standing
  if (!isActive) return { userId, isActive, isSuperuser, permissions: [] }

  const held = await decisions.heldBy(userId)
  const everyActionThereIs = await actions.readCodeNames()
  const reasons = held.reduce(
    (sum, { action }) => sum + (action === everyAction ? everyActionThereIs.length : 1),
    0,
  )
  if (reasons > maxReasons) {
    throw new Refusal('conflict', { detail: message('access.too_many_reasons', { limit: maxReasons }) })
  }
  return { userId, isActive, isSuperuser, permissions: spread(held, everyActionThereIs) }
}

/** One entry for each pair: what is held for every action stands behind each of them. */
function spread(held: readonly Held[], actions: readonly string[]): readonly EffectivePermission[] {
  const grounds = held.flatMap(({ role, resource, action }) => {
    const ground: Ground = { role, permission: permissionName(resource, action) }
    return (action === everyAction ? actions : [action]).map(covered => ({ resource, covered, ground }))
  })
  return sortedByName(Map.groupBy(grounds, ({ resource }) => resource)).flatMap(([resource, ofResource]) =>
    sortedByName(Map.groupBy(ofResource, ({ covered }) => covered)).map(([action, ofAction]) => ({
      resource,
      action,
      because: ofAction.map(({ ground }) => ground),
    })),
  )
}

const sortedByName = <Value>(map: ReadonlyMap<string, Value>): [string, Value][] =>
  [...map].sort(([a], [b]) => (a < b ? -1 : 1))
