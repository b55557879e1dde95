import type { PermissionStore } from '../access/index.ts'
import { type Principal, Rejection } from '../kernel/index.ts'
import type { UserWithRoles } from './update-user.ts'
import type { UserStore } from './user-store.sql.ts'

export interface ProfileDeps {
  readonly users: UserStore
  readonly permissions: Pick<PermissionStore, 'readNames'>
  /** What the caller's roles permit, sorted: the gate's own answer, from memory. */
  readonly permissionsOf: (principal: Principal) => readonly string[]
}

/** An account as its owner sees it. */
export interface Profile extends UserWithRoles {
  /** `resource:action`, sorted. */
  readonly permissions: readonly string[]
}

/**
 * The caller's account, and what it may do: the very roles and permissions by which the next request of the caller
 * is authorized, so that the page and the guard never disagree.
 */
export async function readProfile(deps: ProfileDeps, principal: Principal): Promise<Profile> {
  const user = await deps.users.findById(principal.userId)
  // Accounts are never removed: the token cannot outlive the row.
  if (user === undefined) throw new Rejection('invalid_token')
  // What a superuser has is everything that exists.
  const permissions = user.isSuperuser ? await deps.permissions.readNames() : deps.permissionsOf(principal)
  return { ...user, roles: [...principal.roles].sort(), permissions }
}
