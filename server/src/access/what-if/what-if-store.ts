import type { PermissionId, RoleId, UserId } from '../../kernel/index.ts'

export interface StoredRole {
  readonly id: RoleId
  readonly codeName: string
}

export interface StoredPermission {
  readonly id: PermissionId
  /** `resource:action`. */
  readonly name: string
}

/** A permission that a role holds. */
export interface StoredRolePermission {
  readonly roleId: RoleId
  readonly permissionId: PermissionId
}

export interface StoredUser {
  readonly id: UserId
  readonly isActive: boolean
  readonly isSuperuser: boolean
  /** Code names, in no order. */
  readonly roles: readonly string[]
}

/** A user as a list shows them. */
export interface Person {
  readonly id: UserId
  readonly email: string
  readonly firstName: string | null
  readonly lastName: string | null
  readonly middleName: string | null
}

/** Some users who have the same roles among those asked for, or one user with theirs. */
export interface Holding {
  readonly roles: readonly RoleId[]
  readonly users: number
  /** Where users were asked for one by one. */
  readonly userId: UserId | undefined
}

export interface HoldingsQuery {
  /** Active users, no superusers, who have one of these … */
  readonly touched: readonly RoleId[]
  /** … grouped by which of these they have. */
  readonly relevant: readonly RoleId[]
  /** Only these users, or those after one of them up to another. */
  readonly among: readonly UserId[] | { readonly after: number; readonly upTo: UserId | undefined }
  /** These users are left out. */
  readonly except: readonly UserId[]
  /** One holding for each user, in the order of their ids. */
  readonly eachUser: boolean
}

/** The source of a preview's model, and of the users that the model does not name. Committed rows only. */
export interface WhatIfStore {
  /** Whether each resource and action is built in, by its code name. */
  readCatalogue(): Promise<{
    readonly resources: ReadonlyMap<string, boolean>
    readonly actions: ReadonlyMap<string, boolean>
  }>
  readRoles(): Promise<readonly StoredRole[]>
  /** How many grants all roles have together; `most` where there are more. */
  countRolePermissions(most: number): Promise<number>
  /** By id, so many at most, after the one that is given: none when there are no more. */
  readPermissions(after: PermissionId | undefined, most: number): Promise<readonly StoredPermission[]>
  /** By role and permission, so many at most, after the one that is given: none when there are no more. */
  readRolePermissions(
    after: StoredRolePermission | undefined,
    most: number,
  ): Promise<readonly StoredRolePermission[]>
  /** Those that there are. */
  readUsers(userIds: readonly UserId[]): Promise<readonly StoredUser[]>
  readPeople(userIds: readonly UserId[]): Promise<ReadonlyMap<UserId, Person>>
  countActiveSuperusers(except: readonly UserId[]): Promise<number>
  /** By id. */
  listActiveSuperusers(except: readonly UserId[], limit: number): Promise<readonly UserId[]>
  /** Users with one of these roles, by id; undefined when more than `most` assignments match. */
  findHolders(roles: readonly RoleId[], most: number): Promise<readonly UserId[] | undefined>
  /** The user of the assignment that stands so far after a user, in the order of users; undefined when there are fewer. */
  findStepEnd(after: number, assignments: number): Promise<UserId | undefined>
  readHoldings(query: HoldingsQuery): Promise<readonly Holding[]>
}
