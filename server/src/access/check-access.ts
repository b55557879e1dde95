import { missingPermission, type Principal, permissionName, Refusal, type UserId } from '../kernel/index.ts'
import type { CatalogueView, KnownNames } from './catalogue-view.ts'
import { missingFrom } from './rights.ts'
import type { RightsStore } from './rights-store.ts'
import type { StandingStore } from './standing-store.ts'

export interface Question {
  readonly resource: string
  readonly action: string
}

export interface CheckDeps {
  /** The gate's answer about the caller, from memory. */
  readonly permits: (principal: Principal, resource: string, action: string) => boolean
  readonly catalogue: Pick<CatalogueView, 'current'>
  readonly stores: { readonly standings: StandingStore; readonly rights: RightsStore }
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
 * Answers each question, in its place. About oneself it answers as the gate would on the next request; about
 * another from the database, and nothing is allowed to an inactive account. What has an unknown resource or
 * action is allowed to nobody, a superuser included.
 */
export async function checkAccess(
  deps: CheckDeps,
  principal: Principal,
  userId: UserId,
  checks: readonly Question[],
): Promise<readonly boolean[]> {
  assertMayAskAbout(deps, principal, userId)
  const { permits, stores } = deps
  const decide =
    principal.userId === userId
      ? ({ resource, action }: Question) => permits(principal, resource, action)
      : await decideFor(stores, userId)
  const names = await deps.catalogue.current()
  return checks.map(question => isKnown(names, question) && decide(question))
}

async function decideFor(
  { standings, rights }: CheckDeps['stores'],
  userId: UserId,
): Promise<(question: Question) => boolean> {
  const standing = await standings.find(userId)
  if (standing === undefined) throw new Refusal('not_found')
  if (!standing.isActive) return () => false
  const theirs = await rights.of(userId)
  return ({ resource, action }) => missingFrom(theirs, [permissionName(resource, action)]) === undefined
}

const isKnown = ({ resources, actions }: KnownNames, { resource, action }: Question): boolean =>
  resources.has(resource) && actions.has(action)
