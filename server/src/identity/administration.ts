import type { AssigningStores } from '../access/index.ts'
import type { Clock, Transact } from '../kernel/index.ts'
import type { EndingStores } from '../sessions/index.ts'
import type { User } from './account-fields.ts'
import type { LeakedPasswords } from './leaked-passwords.ts'
import type { PasswordHasher } from './password-hasher.ts'
import type { UserStore } from './user-store.ts'

/** What a write about an account touches, in one transaction. */
export interface AdministrationStores extends AssigningStores, EndingStores {
  readonly users: UserStore
}

export interface UpdateUserDeps {
  readonly transaction: Transact<AdministrationStores>
  readonly clock: Clock
}

export interface CreateUserDeps extends UpdateUserDeps {
  /** Committed state, read outside the transaction. */
  readonly users: UserStore
  readonly hasher: PasswordHasher
  readonly passwordMinLength: number
  readonly leakedPasswords: LeakedPasswords
}

export interface UserWithRoles extends User {
  /** Code names, sorted. */
  readonly roles: readonly string[]
}
