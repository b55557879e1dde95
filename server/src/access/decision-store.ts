import type { Page, PageRequest, PermissionName, UserId } from '../kernel/index.ts'

/** A role of a user, and a permission of it that allows the action in question. */
export interface Ground {
  readonly role: string
  readonly permission: PermissionName
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
  whoCan(resource: string, action: string, page: PageRequest<'id'>): Promise<Page<Capable>>
}
