import type { RoleId, UserId } from '../kernel/index.ts'

/** An active user by name, with every role that they hold. */
export interface RoleHolder {
  readonly userId: UserId
  readonly email: string
  readonly roleIds: readonly RoleId[]
}

/** Which users hold which roles. */
export interface AssignmentStore {
  /** Locks the user until the transaction ends; undefined when there is none. Assignments of one user are changed one after another. */
  lockUser(userId: UserId): Promise<{ readonly isSuperuser: boolean } | undefined>
  /** Ids of the roles that the user holds, in their order. */
  rolesOf(userId: UserId): Promise<readonly RoleId[]>
  /**
   * Characters of the longest list of code names among the holders of the role, written as JSON; 0 when it has no
   * holder.
   */
  longestRoleList(roleId: RoleId): Promise<number>
  /** How many users hold each of these roles, closed accounts too; 0 where none does. */
  countHolders(roleIds: readonly RoleId[]): Promise<ReadonlyMap<RoleId, number>>
  /** The first active holders of any of these roles, by id. INVARIANT: costs the same however many there are. */
  firstHolders(roleIds: readonly RoleId[], most: number): Promise<readonly RoleHolder[]>
  /** Takes the role from all its holders, some thousands at a time, so that requests are answered in between. */
  removeFromAll(roleId: RoleId): Promise<void>
  /** Whether a superuser holds the role, or a user who holds one of the others as well. */
  isSharedWith(roleId: RoleId, others: readonly RoleId[]): Promise<boolean>
  replaceRoles(userId: UserId, roleIds: readonly RoleId[]): Promise<void>
}
