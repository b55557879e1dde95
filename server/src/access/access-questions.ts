import { type Decision, type DecisionFacts, decide, everyAction } from '@propusk/gate/core'
import {
  message,
  missingPermission,
  type Principal,
  permissionName,
  Rejection,
  type UserId,
} from '../kernel/index.ts'
import type { DecisionStore, RolePermission, RoleReason } from './decision-store.sql.ts'
import type { ActionStore } from './named-store.sql.ts'
import type { GrantsStore } from './rights-store.sql.ts'

export interface Question {
  readonly resource: string
  readonly action: string
}

export interface DecidingStores {
  readonly userGrants: GrantsStore
  readonly decisions: Pick<DecisionStore, 'factsFor'>
}

/** The decision about a user on each question, in its place, from the rows. Refuses with `not_found`. */
export async function decideFor(
  { userGrants, decisions }: DecidingStores,
  userId: UserId,
  questions: readonly Question[],
): Promise<readonly Decision[]> {
  const grants = await userGrants.find(userId)
  if (grants === undefined) throw new Rejection('not_found')
  const facts = await decisions.factsFor(userId, questions)
  return questions.map(({ resource, action }) => decide(facts, grants, resource, action))
}

export interface CheckDeps {
  /** The gate's answer about the caller, from memory. */
  readonly permits: (principal: Principal, resource: string, action: string) => boolean
  readonly stores: DecidingStores
}

/** Refuses, with the permission named, to tell a caller about another account without `users:read`. */
export function assertMayAskAbout(
  { permits }: Pick<CheckDeps, 'permits'>,
  principal: Principal,
  userId: UserId,
): void {
  if (principal.userId === userId || permits(principal, 'users', 'read')) return
  throw missingPermission(permissionName('users', 'read'))
}

/**
 * Answers each question, in its place: about oneself as the gate will on the next request, about another from the
 * database.
 */
export async function checkAccess(
  deps: CheckDeps,
  principal: Principal,
  userId: UserId,
  checks: readonly Question[],
): Promise<readonly boolean[]> {
  assertMayAskAbout(deps, principal, userId)
  const { permits, stores } = deps
  if (principal.userId === userId)
    return checks.map(({ resource, action }) => permits(principal, resource, action))
  const decisions = await decideFor(stores, userId, checks)
  return decisions.map(({ allowed }) => allowed)
}

/** The decision about a user with every reason for it, from the database rather than from a token. */
export async function explainAccess(
  deps: CheckDeps,
  principal: Principal,
  userId: UserId,
  question: Question,
): Promise<Decision> {
  assertMayAskAbout(deps, principal, userId)
  const [decision] = await decideFor(deps.stores, userId, [question])
  return decision!
}

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

/**
 * Everything that a user may do now by their roles, from the database. Nothing for an inactive account, unless what its
 * roles would give is wanted.
 */
export async function effectiveAccess(
  deps: EffectiveDeps,
  principal: Principal,
  userId: UserId,
  { asIfActive }: { readonly asIfActive: boolean },
): Promise<EffectiveAccess> {
  assertMayAskAbout(deps, principal, userId)
  const { userGrants, decisions, actions } = deps.stores
  const grants = await userGrants.find(userId)
  if (grants === undefined) throw new Rejection('not_found')
  const { isActive, isSuperuser } = grants
  if (!isActive && !asIfActive) return { userId, isActive, isSuperuser, permissions: [] }

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
