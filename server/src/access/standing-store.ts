import type { Grants } from '@propusk/gate'
import type { UserId } from '../kernel/index.ts'

/** What a user has, as the database says it now. */
export interface UserGrants extends Grants {
  readonly roleIds: readonly number[]
  readonly isActive: boolean
}

export interface GrantsStore {
  /** Undefined when there is no such user. */
  find(userId: UserId): Promise<UserGrants | undefined>
  /** Throws when there is no such user: for callers that hold a row that refers to it. */
  get(userId: UserId): Promise<UserGrants>
}
