import { missingPermission, type Principal, permissionName, type UserId } from '../kernel/index.ts'
import { type DecidingStores, decideFor, type Question } from './decide-for.ts'

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
