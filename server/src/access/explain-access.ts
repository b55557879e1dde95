import type { Decision } from '@propusk/gate'
import { type Principal, permissionName, Refusal, type UserId } from '../kernel/index.ts'
import { assertMayAskAbout, type CheckDeps, type Question } from './check-access.ts'
import type { DecisionStore } from './decision-store.ts'
import type { StandingStore } from './standing-store.ts'

interface ExplainDeps extends Pick<CheckDeps, 'permits'> {
  readonly stores: { readonly standings: StandingStore; readonly decisions: DecisionStore }
}

/** The decision about a user with every reason for it, from the database rather than from a token. */
export async function explainAccess(
  deps: ExplainDeps,
  principal: Principal,
  userId: UserId,
  { resource, action }: Question,
): Promise<Decision> {
  assertMayAskAbout(deps, principal, userId)
  const { standings, decisions } = deps.stores
  const standing = await standings.find(userId)
  if (standing === undefined) throw new Refusal('not_found')
  if (!standing.isActive) return { allowed: false, because: [{ inactive: true }] }
  if (standing.isSuperuser && (await decisions.isKnown(resource, action))) {
    return { allowed: true, because: [{ superuser: true }] }
  }
  const grounds = await decisions.groundsOf(userId, resource, action)
  if (grounds.length > 0) return { allowed: true, because: grounds }
  return { allowed: false, because: [{ missing: permissionName(resource, action) }] }
}
