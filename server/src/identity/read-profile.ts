import type { PermissionStore, RightsStore } from '../access/index.ts'
import { Refusal, type UserId } from '../kernel/index.ts'
import type { UserWithRoles } from './administration.ts'
import type { UserStore } from './user-store.ts'

export interface ProfileDeps {
  readonly users: UserStore
  readonly rights: RightsStore
  readonly permissions: Pick<PermissionStore, 'readNames'>
}

/** An account as its owner sees it. */
export interface Profile extends UserWithRoles {
  /** `resource:action`, sorted. */
  readonly permissions: readonly string[]
}

/** The account with what it may do, as the database says it now. */
export async function readProfile(deps: ProfileDeps, userId: UserId): Promise<Profile> {
  const [user, rights] = await Promise.all([deps.users.findById(userId), deps.rights.of(userId)])
  // Accounts are never removed: the token cannot outlive the row.
  if (user === undefined) throw new Refusal('invalid_token')
  // What a superuser has is everything that exists.
  const permissions = user.isSuperuser ? await deps.permissions.readNames() : [...rights.permissions].sort()
  return { ...user, roles: rights.roles, permissions }
}
