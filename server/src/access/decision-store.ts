import type { DecisionFacts } from '@propusk/gate'
import type { Page, PageRequest, PermissionName, UserId } from '../kernel/index.ts'
import type { Question } from './decide-for.ts'

/** A role of a user, and a permission of it that allows the action in question. */
export interface RoleReason {
  readonly role: string
  readonly permission: PermissionName
}

/** A permission that a role of a user holds, in its two halves. */
export interface RolePermission {
  readonly role: string
  readonly resource: string
  readonly action: string
}

/** An active user who can, and the roles that say so, sorted. */
export interface AuthorizedUser {
  readonly id: UserId
  readonly email: string
  readonly isSuperuser: boolean
  readonly roles: readonly string[]
}

/** What decisions rest on, from the rows. */
export interface DecisionStore {
  /** All that a decision about the user on one of these questions rests on. */
  factsFor(userId: UserId, questions: readonly Question[]): Promise<DecisionFacts>
  /** What the roles of a user hold, in the same order: by role, the narrow permissions of a resource before the wide one. */
  permissionsOfUser(userId: UserId): Promise<readonly RolePermission[]>
  /** As `decide` of the gate would say of each active user, for all of them at once; `npm run oracle` compares the two. */
  usersWithPermission(
    resource: string,
    action: string,
    page: PageRequest<'id'>,
  ): Promise<Page<AuthorizedUser>>
}
