import type { EpochMs, Listed, Page, PageRequest, UserId } from '../kernel/index.ts'
import type { ColumnOf, NewUser, OrderedField, User, UserChanges } from './account-fields.ts'

export interface UserFilter {
  readonly isActive?: boolean | undefined
  /** Code name of a role that the user holds. */
  readonly role?: string | undefined
}

export type UserColumn = ColumnOf<OrderedField>

/** A user with what is checked when it signs in. */
export interface StoredAccount {
  readonly user: User
  readonly passwordHash: string
  /** When all its sessions were last ended at once. */
  readonly loggedOutAtMs: EpochMs | null
}

export interface UserStore {
  /** `taken` when the address belongs to an account already, closed ones included. */
  add(user: NewUser, nowMs: EpochMs): Promise<User | 'taken'>
  findById(id: UserId): Promise<User | undefined>
  findByEmail(email: string): Promise<StoredAccount | undefined>
  findAccount(id: UserId): Promise<StoredAccount | undefined>
  /** One stored hash of each form and cost that are not our own. */
  listForeignHashes(): Promise<readonly string[]>
  /**
   * Notes a sign-in and locks the row. One guarded statement: undefined when the account was deactivated, or
   * its password changed, since the hash was verified. `replacementHash` takes the place of an outdated one.
   */
  recordLogin(
    id: UserId,
    verifiedHash: string,
    replacementHash: string | undefined,
    nowMs: EpochMs,
  ): Promise<User | undefined>
  /** Guarded in the same way: false when the password is not the verified one any more. */
  replacePassword(id: UserId, verifiedHash: string, newHash: string, nowMs: EpochMs): Promise<boolean>
  /** Undefined when there is no such user; `taken` when the new address is another's. */
  update(id: UserId, changes: UserChanges, nowMs: EpochMs): Promise<User | 'taken' | undefined>
  /** The same for a user that this transaction has locked, as `lock` gave it. */
  updateLocked(before: User, changes: UserChanges, nowMs: EpochMs): Promise<User | 'taken'>
  /** Closes the account for good: these take the place of all that is known of its person. */
  erase(id: UserId, placeholders: { email: string; passwordHash: string }, nowMs: EpochMs): Promise<void>
  /** The user as it stands, locked until the transaction ends. */
  lock(id: UserId): Promise<User | undefined>
  /** Locks every active superuser and gives their ids: who takes one away must see the others stay. */
  lockActiveSuperusers(): Promise<readonly UserId[]>
  list(filter: UserFilter, page: PageRequest<UserColumn>): Promise<Page<Listed<User>>>
  /** From indexes alone; still, it takes tens of milliseconds among a million. */
  count(): Promise<{ readonly total: number; readonly active: number }>
  /** Code names of the roles that these users hold, sorted. Who holds none has no entry. */
  rolesOf(ids: readonly UserId[]): Promise<ReadonlyMap<UserId, readonly string[]>>
}
