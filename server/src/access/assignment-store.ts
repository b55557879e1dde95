import type { EpochMs, RoleId, UserId } from '../kernel/index.ts'

/** A user with the roles they hold, sorted. */
export interface Holder {
  readonly userId: UserId
  readonly isSuperuser: boolean
  readonly roles: readonly string[]
}

/** Which users hold which roles. */
export interface AssignmentStore {
  /** Locks the user until the transaction ends; undefined when there is none. Assignments of one user are changed one after another. */
  lockUser(userId: UserId): Promise<{ readonly isSuperuser: boolean } | undefined>
  /** Ids of the roles that the user holds, in their order. */
  rolesOf(userId: UserId): Promise<readonly RoleId[]>
  /** Characters of the longest list of code names among the holders of the role, written as JSON; 0 when nobody holds it. */
  longestRoleList(roleId: RoleId): Promise<number>
  /** Whether a superuser holds the role, or a user who holds one of the others as well. */
  isHeldBeside(roleId: RoleId, others: readonly RoleId[]): Promise<boolean>
  replaceRoles(userId: UserId, roleIds: readonly RoleId[]): Promise<void>
  /**
   * Holders of the role whom a gate may know by its name: those with a session used since that instant, whose
   * access token may still name it, and those whose roles the gates were told of since then, which they hold against
   * every later token. Locks these users, so that their roles stay as given until the transaction ends.
   */
  lockHolders(roleId: RoleId, usedSinceMs: EpochMs): Promise<readonly Holder[]>
}
