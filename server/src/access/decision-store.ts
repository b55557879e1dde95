import type { Page, PageRequest, PermissionName, UserId } from '../kernel/index.ts'

/** A role of a user, and a permission of it that allows the action in question. */
export interface Ground {
  readonly role: string
  readonly permission: PermissionName
}

/** A permission that a role of a user holds, in its two halves. */
export interface Held {
  readonly role: string
  readonly resource: string
  readonly action: string
}

/** An active user who can, and the roles that say so, sorted. */
export interface Capable {
  readonly id: UserId
  readonly email: string
  readonly isSuperuser: boolean
  readonly roles: readonly string[]
}

/** Questions about decisions, answered from the rows. An unknown resource or action is allowed to nobody. */
export interface DecisionStore {
  isKnown(resource: string, action: string): Promise<boolean>
  /** By role, the narrow permission before the wide one; superusers have no need of any. */
  groundsOf(userId: UserId, resource: string, action: string): Promise<readonly Ground[]>
  /** What the roles of a user hold, in the same order: by role, the narrow permissions of a resource before the wide one. */
  heldBy(userId: UserId): Promise<readonly Held[]>
  whoCan(resource: string, action: string, page: PageRequest<'id'>): Promise<Page<Capable>>
}
