import type { Grants } from './grants.ts'
import { splitPermission } from './permission-index.ts'
import type { Acr } from './step-up.ts'

export type CataloguePart = 'resource' | 'action'

/** One reason. `inactive` is for callers who know the account; the gate itself never gives it. */
export type Reason =
  | { readonly role: string; readonly permission: string }
  | { readonly superuser: true }
  /** There is no such resource, or no such action: mistyped, or gone. */
  | { readonly unknown: CataloguePart; readonly name: string }
  | { readonly missing: string }
  /** Nothing else allows it than a role that asks for a higher level than the session has (ADR 49). */
  | { readonly requires_aal: 'aal2'; readonly by: { readonly role: string; readonly permission: string } }
  | { readonly inactive: true }

export interface Decision {
  readonly allowed: boolean
  /** Never empty: every role and permission that allows, or why nothing does. */
  readonly because: readonly Reason[]
}

/**
 * Who is asked about, in a session of which level: the lowest unless given. An account that is known to be closed is allowed
 * nothing.
 */
export interface Subject extends Pick<Grants, 'roles' | 'isSuperuser' | 'acr'> {
  readonly isActive?: boolean
}

/** The facts that a decision rests on, from any source: a gate, database rows, or the copy that a preview changes. */
export interface DecisionFacts {
  /** Whether there is such a resource or action. */
  has(part: CataloguePart, codeName: string): boolean
  /** Whether the role holds this very permission. */
  holds(role: string, resource: string, action: string): boolean
  /**
   * The level that a session needs for what the role holds. Without it no role asks for one: the question is then what the
   * subject may do in a session of the highest level.
   */
  acrOf?(role: string): Acr
}

/** The action that stands for every action on its resource, such as one that no role names. */
export const everyAction = 'all'

/** The held actions that allow an action: itself, and the one for every action. The narrow one comes first. */
export const coveringActions = (action: string): readonly string[] =>
  action === everyAction ? [everyAction] : [action, everyAction]

/**
 * The one rule (ADR 35). What the catalogue does not hold is denied to every user, superusers and holders of
 * `resource:all` included. Of what it holds, a closed account is allowed nothing and a superuser everything. Any other
 * user is allowed what one of their roles grants, by the permission itself or by `resource:all`; a role may ask for a session
 * of level `aal2`, and grants nothing in another (ADR 49).
 *
 * Faster copies: `allows` of a gate (bits), `/access/who_can/` (SQL) and `/access/preview/` (bits). decision.test.ts
 * and `npm run oracle` compare them with it and with a plain model.
 */
export function decide(facts: DecisionFacts, subject: Subject, resource: string, action: string): Decision {
  const unknown = unknownIn(facts, resource, action)
  if (unknown.length > 0) return { allowed: false, because: unknown }
  if (subject.isActive === false) return { allowed: false, because: [{ inactive: true }] }
  if (subject.isSuperuser) return { allowed: true, because: [{ superuser: true }] }
  const found = [...new Set(subject.roles)].flatMap(role => reasonsOfRole(facts, role, resource, action))
  const because = found.filter(({ role }) => subject.acr === 'aal2' || facts.acrOf?.(role) !== 'aal2')
  if (because.length > 0) return { allowed: true, because }
  if (found.length > 0) return { allowed: false, because: found.map(by => ({ requires_aal: 'aal2', by })) }
  return { allowed: false, because: [{ missing: `${resource}:${action}` }] }
}

/** The first of `permissions` that is not allowed; `undefined` when all of them are. */
export function missingFrom(
  isAllowed: (resource: string, action: string) => boolean,
  permissions: readonly string[],
): string | undefined {
  return permissions.find(permission => {
    const parts = splitPermission(permission)
    return parts === undefined || !isAllowed(parts.resource, parts.action)
  })
}

function unknownIn(facts: DecisionFacts, resource: string, action: string): readonly Reason[] {
  const asked = [
    { unknown: 'resource', name: resource },
    { unknown: 'action', name: action },
  ] as const
  return asked.filter(({ unknown, name }) => !facts.has(unknown, name))
}

type RoleReason = Extract<Reason, { readonly role: string }>

const reasonsOfRole = (
  facts: DecisionFacts,
  role: string,
  resource: string,
  action: string,
): readonly RoleReason[] =>
  coveringActions(action)
    .filter(held => facts.holds(role, resource, held))
    .map(held => ({ role, permission: `${resource}:${held}` }))
