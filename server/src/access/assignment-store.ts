import type { RoleId, UserId } from '../kernel/index.ts'

/** Which users hold which roles. */
export interface AssignmentStore {
  /** Locks the user until the transaction ends; undefined when there is none. Assignments of one user are changed one after another. */
  lockUser(userId: UserId): Promise<{ readonly isSuperuser: boolean } | undefined>
  /** Ids of the roles that the user holds, in their order. */
  rolesOf(userId: UserId): Promise<readonly RoleId[]>
  /** Characters of the longest list of code names among the holders of the role, written as JSON; 0 when nobody holds it. */
  longestRoleList(roleId: RoleId): Promise<number>
  /** Takes the role from everybody who holds it, some thousands at a time, so that requests are answered in between. */
  takeFromAll(roleId: RoleId): Promise<void>
  /** Whether a superuser holds the role, or a user who holds one of the others as well. */
  isHeldBeside(roleId: RoleId, others: readonly RoleId[]): Promise<boolean>
  replaceRoles(userId: UserId, roleIds: readonly RoleId[]): Promise<void>
}
