import { type Acr, type Decision, type DecisionFacts, decide, everyAction, levelOf } from '@propusk/gate/core'
import {
  isKeyPrincipal,
  message,
  type Principal,
  Rejection,
  type SessionPrincipal,
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

/** A user, in a session of which level. */
interface Asked {
  readonly userId: UserId
  readonly acr: Acr
}

/** The decision about a user on each question, in its place, from the rows. Refuses with `not_found`. */
export async function decideFor(
  { userGrants, decisions }: DecidingStores,
  { userId, acr }: Asked,
  questions: readonly Question[],
): Promise<readonly Decision[]> {
  const grants = await userGrants.find(userId)
  if (grants === undefined) throw new Rejection('not_found')
  const facts = await decisions.factsFor(userId, questions)
  return questions.map(({ resource, action }) => decide(facts, { ...grants, acr }, resource, action))
}

/**
 * The level that a question is about, unless it says one: about oneself that of the session, since so the next request is
 * decided; about another the lowest, so that a service that acts by the answer allows no more than every session of them may (ADR 49).
 */
export function askedAbout(
  principal: Principal,
  { user_id, acr }: { readonly user_id?: number; readonly acr?: Acr },
): Asked {
  const userId = (user_id ?? principal.userId) as UserId
  const isOwn = principal.userId === userId && !isKeyPrincipal(principal)
  return { userId, acr: acr ?? (isOwn ? ownLevel(principal) : 'aal1') }
}

const ownLevel = ({ authentication }: SessionPrincipal): Acr => levelOf(authentication?.acr)

export interface CheckDeps {
  /** The gate's answer about the caller, from memory. */
  readonly permits: (principal: Principal, resource: string, action: string) => boolean
  /** Why the caller is refused where it is no. */
  readonly refusalOf: (principal: Principal, resource: string, action: string) => Rejection
  readonly stores: DecidingStores
}

/** Refuses, with the permission named, to tell a caller about another account without `users:read`. */
function assertMayAskAbout(
  { permits, refusalOf }: Pick<CheckDeps, 'permits' | 'refusalOf'>,
  principal: Principal,
  userId: UserId,
): void {
  if (principal.userId === userId || permits(principal, 'users', 'read')) return
  throw refusalOf(principal, 'users', 'read')
}

interface Answer {
  readonly allowed: boolean
  /** What a session needs that is not allowed it now. */
  readonly requiresAal?: 'aal2'
}

/**
 * Answers each question, in its place: about oneself as the gate will on the next request, about another, or about another
 * level than one's session has, from the database.
 */
export async function checkAccess(
  deps: CheckDeps,
  principal: Principal,
  asked: Asked,
  checks: readonly Question[],
): Promise<readonly Answer[]> {
  assertMayAskAbout(deps, principal, asked.userId)
  if (asked.userId === principal.userId && (isKeyPrincipal(principal) || asked.acr === ownLevel(principal))) {
    return checks.map(question => checkOwn(deps, principal, question))
  }
  const decisions = await decideFor(deps.stores, asked, checks)
  return decisions.map(({ allowed, because }) =>
    needsLevel(because) ? { allowed, requiresAal: 'aal2' } : { allowed },
  )
}

function checkOwn({ permits, refusalOf }: CheckDeps, principal: Principal, question: Question): Answer {
  const { resource, action } = question
  if (permits(principal, resource, action)) return { allowed: true }
  const isLevelLow = refusalOf(principal, resource, action).code === 'insufficient_user_authentication'
  return { allowed: false, ...(isLevelLow && { requiresAal: 'aal2' }) }
}

/** Whether a role would allow it that asks for a higher level than the session has. */
export const needsLevel = (because: Decision['because']): boolean =>
  because.some(reason => 'requires_aal' in reason)

/** The decision about a user with every reason for it, from the database rather than from a token. */
export async function explainAccess(
  deps: CheckDeps,
  principal: Principal,
  asked: Asked,
  question: Question,
): Promise<Decision> {
  assertMayAskAbout(deps, principal, asked.userId)
  const [decision] = await decideFor(deps.stores, asked, [question])
  return decision!
}

/** An action that a user may do, with every role and permission that allows it. */
interface EffectivePermission {
  readonly resource: string
  readonly action: string
  readonly because: readonly RoleReason[]
  /** Every role that allows it asks for a second factor. */
  readonly requiresAal?: 'aal2'
}

export interface EffectiveAccess {
  readonly userId: UserId
  readonly isActive: boolean
  readonly isSuperuser: boolean
  /** Sorted by resource and action; what the roles give, whatever else a superuser may. */
  readonly permissions: readonly EffectivePermission[]
}

interface EffectiveDeps extends Pick<CheckDeps, 'permits' | 'refusalOf'> {
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
 * Everything that a user may do now by their roles, in a session of the highest level, from the database. Nothing for an inactive account, unless what its
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
    const ask = (acr: Acr) => decide(facts, { roles, isSuperuser: false, acr }, resource, action)
    const { allowed, because } = ask('aal2')
    if (!allowed) return []
    const reasons = because.filter(reason => 'role' in reason) as RoleReason[]
    return [{ resource, action, because: reasons, ...(!ask('aal1').allowed && { requiresAal: 'aal2' }) }]
  })
}

function factsOf(
  resource: string,
  held: readonly RolePermission[],
  actions: readonly string[],
): DecisionFacts {
  const actionsOf = new Map<string, Set<string>>()
  const levels = new Map(held.map(({ role, requires_aal }) => [role, levelOf(requires_aal ?? undefined)]))
  for (const { role, action } of held) {
    const own = actionsOf.get(role) ?? new Set()
    actionsOf.set(role, own.add(action))
  }
  const known = new Set(actions)
  return {
    has: (part, codeName) => (part === 'resource' ? codeName === resource : known.has(codeName)),
    holds: (role, _, action) => actionsOf.get(role)?.has(action) ?? false,
    acrOf: role => levels.get(role) ?? 'aal1',
  }
}

const sortedByName = <Value>(map: ReadonlyMap<string, Value>): [string, Value][] =>
  [...map].sort(([a], [b]) => (a < b ? -1 : 1))
