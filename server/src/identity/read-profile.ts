import type { PermissionStore } from '../access/index.ts'
import { Rejection, type SessionPrincipal } from '../kernel/index.ts'
import type { UserWithRoles } from './update-user.ts'
import type { UserStore } from './user-store.sql.ts'

export interface ProfileDeps {
  readonly users: UserStore
  readonly permissions: Pick<PermissionStore, 'readNames'>
  /** What the caller's roles permit, sorted: the gate's own answer, from memory. */
  readonly permissionsOf: (principal: SessionPrincipal) => readonly string[]
  /** What they permit once the session has shown a second factor, likewise. */
  readonly permissionsWithFactorOf: (principal: SessionPrincipal) => readonly string[]
}

/** An account as its owner sees it. */
export interface Profile extends UserWithRoles {
  /** `resource:action`, sorted. */
  readonly permissions: readonly string[]
  /** What a second factor would add (ADR 49). */
  readonly stepUpPermissions: readonly string[]
}

/**
 * The caller's account, and what it may do: the very roles and permissions by which the next request of the caller
 * is authorized, so that the page and the guard never disagree.
 */
export async function readProfile(deps: ProfileDeps, principal: SessionPrincipal): Promise<Profile> {
  const user = await deps.users.findById(principal.userId)
  // Accounts are never removed: the token cannot outlive the row.
  if (user === undefined) throw new Rejection('invalid_token')
  // What a superuser has is everything that exists.
  const permissions = user.isSuperuser ? await deps.permissions.readNames() : deps.permissionsOf(principal)
  const withFactor = user.isSuperuser ? permissions : deps.permissionsWithFactorOf(principal)
  const held = new Set(permissions)
  const stepUpPermissions = withFactor.filter(name => !held.has(name))
  return { ...user, roles: [...principal.roles].sort(), permissions, stepUpPermissions }
}
