import type { RoleState } from '@propusk/gate'
import type {
  ActionId,
  Page,
  PageRequest,
  PermissionId,
  PermissionName,
  ResourceId,
  RoleId,
} from '../kernel/index.ts'
import type { RolePermissions } from './grants.ts'

/** One action on one kind of resource, by their code names. */
export interface Permission {
  readonly id: PermissionId
  readonly resource: string
  readonly action: string
}

export type PermissionColumn = 'id' | 'resource' | 'action'

export interface PermissionParts {
  readonly resourceId: ResourceId
  readonly actionId: ActionId
}

/** What a permission is found by: itself, or one of its halves. */
export type PermissionOf =
  | { readonly permissionId: PermissionId }
  | { readonly resourceId: ResourceId }
  | { readonly actionId: ActionId }

export interface PermissionStore {
  /**
   * Waits until no other transaction is changing roles, permissions, resources or actions, and keeps the others
   * waiting until this one ends. INVARIANT: every such change takes its turn first, before it locks a role, so
   * what a role permits is announced in the order in which it was committed.
   */
  takeTurn(): Promise<void>
  findById(id: PermissionId): Promise<Permission | undefined>
  /** The id of the permission with these parts, if it exists. */
  find(parts: PermissionParts): Promise<PermissionId | undefined>
  add(parts: PermissionParts): Promise<PermissionId>
  update(id: PermissionId, parts: PermissionParts): Promise<void>
  /** Takes it from every role. */
  delete(id: PermissionId): Promise<void>
  list(page: PageRequest<PermissionColumn>): Promise<Page<Permission>>
  /**
   * The ids of the permissions with these names; those that did not exist are made. `unknown` are the names
   * whose resource or action does not exist; nothing is made then.
   */
  ensure(names: readonly PermissionName[]): Promise<{
    readonly ids: readonly PermissionId[]
    readonly unknown: readonly PermissionName[]
  }>
  /** What these roles permit; roles that do not exist are left out. */
  permissionsOfRoles(roleIds: readonly RoleId[]): Promise<RolePermissions>
  /** The same of every role. */
  permissionsOfAllRoles(): Promise<RolePermissions>
  /** Roles that hold a permission of this kind, by id. */
  rolesHolding(of: PermissionOf): Promise<readonly RoleId[]>
  replaceOfRole(roleId: RoleId, permissionIds: readonly PermissionId[]): Promise<void>
  /** Code name of every role and the sorted names of what it permits: what a gate starts from. */
  readRoles(): Promise<readonly RoleState[]>
  /** Every permission that exists, sorted by name. */
  readNames(): Promise<readonly PermissionName[]>
}
