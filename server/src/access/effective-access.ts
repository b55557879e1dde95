import { type DecisionFacts, decide, everyAction } from '@propusk/gate'
import { message, type Principal, Rejection, type UserId } from '../kernel/index.ts'
import { assertMayAskAbout, type CheckDeps } from './check-access.ts'
import type { DecisionStore, RolePermission, RoleReason } from './decision-store.ts'
import type { ActionStore } from './named-store.ts'
import type { GrantsStore } from './standing-store.ts'

/** An action that a user may do, with every role and permission that allows it. */
export interface EffectivePermission {
  readonly resource: string
  readonly action: string
  readonly because: readonly RoleReason[]
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
    readonly userGrants: GrantsStore
    readonly decisions: DecisionStore
    readonly actions: Pick<ActionStore, 'readNames'>
  }
}

/**
 * Reasons in one answer: some 10 MB. A role that holds `all` of many resources counts once for each of their actions,
 * so a catalogue can produce an answer too large to read.
 */
const maxReasons = 100_000

/** Everything that a user may do now by their roles, from the database. Nothing for an inactive account. */
export async function effectiveAccess(
  deps: EffectiveDeps,
  principal: Principal,
  userId: UserId,
): Promise<EffectiveAccess> {
  assertMayAskAbout(deps, principal, userId)
  const { userGrants, decisions, actions } = deps.stores
  const grants = await userGrants.find(userId)
  if (grants === undefined) throw new Rejection('not_found')
  const { isActive, isSuperuser } = grants
  if (!isActive) return { userId, isActive, isSuperuser, permissions: [] }

  const held = await decisions.permissionsOfUser(userId)
  const everyActionThereIs = (await actions.readNames()).map(({ codeName }) => codeName)
  const reasons = held.reduce(
    (sum, { action }) => sum + (action === everyAction ? everyActionThereIs.length : 1),
    0,
  )
  if (reasons > maxReasons) {
    throw new Rejection('conflict', { detail: message('access.too_many_reasons', { limit: maxReasons }) })
  }
  return { userId, isActive, isSuperuser, permissions: spread(held, everyActionThereIs) }
}

/** One entry for each pair that the roles allow, each decided by itself. */
function spread(held: readonly RolePermission[], actions: readonly string[]): readonly EffectivePermission[] {
  const byResource = sortedByName(Map.groupBy(held, ({ resource }) => resource))
  return byResource.flatMap(([resource, ofResource]) => decideEach(resource, ofResource, actions))
}

function decideEach(resource: string, held: readonly RolePermission[], actions: readonly string[]) {
  const facts = factsOf(resource, held, actions)
  const roles = [...new Set(held.map(({ role }) => role))]
  const named = [...new Set(held.map(({ action }) => action))]
  const asked = named.includes(everyAction) ? actions : named
  return asked.toSorted().flatMap((action): EffectivePermission[] => {
    const { allowed, because } = decide(facts, { roles, isSuperuser: false }, resource, action)
    return allowed
      ? [{ resource, action, because: because.filter(reason => 'role' in reason) as RoleReason[] }]
      : []
  })
}

function factsOf(
  resource: string,
  held: readonly RolePermission[],
  actions: readonly string[],
): DecisionFacts {
  const actionsOf = new Map<string, Set<string>>()
  for (const { role, action } of held) {
    const own = actionsOf.get(role) ?? new Set()
    actionsOf.set(role, own.add(action))
  }
  const known = new Set(actions)
  return {
    has: (part, codeName) => (part === 'resource' ? codeName === resource : known.has(codeName)),
    holds: (role, _, action) => actionsOf.get(role)?.has(action) ?? false,
  }
}

const sortedByName = <Value>(map: ReadonlyMap<string, Value>): [string, Value][] =>
  [...map].sort(([a], [b]) => (a < b ? -1 : 1))
