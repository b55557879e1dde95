import type { Selectable } from 'kysely'
import type { EpochMs, UserId } from '../kernel/index.ts'
import { type Handle, preparedQuery, preparedRow, type UsersTable } from '../store/index.ts'
import type { User } from './account-fields.ts'
import { toUser, type UserRow, userColumns } from './user-list.sql.ts'

/** A user with what is checked when it signs in. */
export interface StoredAccount {
  readonly user: User
  readonly passwordHash: string
  /** When all its sessions were last ended at once. */
  readonly loggedOutAtMs: EpochMs | null
}

interface ProvenPassword {
  /** The address to which the proof was sent. */
  readonly email: string
  readonly passwordHash: string
  /** Whether the proof came by mail, and so proves the address. */
  readonly isProved: boolean
}

/**
 * What an account signs in with. Each write is one guarded statement: it changes nothing where the password, or the
 * address, is not the verified one any more.
 */
export function sqlCredentials(db: Handle) {
  /** The account, if it is open and its address is still the one that was proved. */
  const provedAccount = (id: UserId, email: string) =>
    db
      .updateTable('users')
      .where('id', '=', id)
      .where('email', '=', email)
      .where('is_active', '=', true)
      .returning('id')

  return {
    async findByEmail(email: string): Promise<StoredAccount | undefined> {
      const row = await accountByEmail(db, { email })
      return row && toStoredAccount(row)
    },

    async findAccount(id: UserId): Promise<StoredAccount | undefined> {
      const row = await accounts(db).where('id', '=', id).executeTakeFirst()
      return row && toStoredAccount(row)
    },

    /**
     * Notes a sign-in and locks the row. One guarded statement: undefined when the account was deactivated, or
     * its password changed, since the hash was verified. `replacementHash` takes the place of an outdated one.
     */
    async recordLogin(
      id: UserId,
      verifiedHash: string,
      replacementHash: string | undefined,
      nowMs: EpochMs,
    ): Promise<User | undefined> {
      const [row] = await loginOf(db, { id, verifiedHash, password: replacementHash ?? verifiedHash, nowMs })
      return row && toUser(row)
    },

    /** False when the password is not the verified one any more. */
    async replacePassword(
      id: UserId,
      verifiedHash: string,
      newHash: string,
      nowMs: EpochMs,
    ): Promise<boolean> {
      const row = await db
        .updateTable('users')
        .set({ password: newHash, updated_at: nowMs })
        .where('id', '=', id)
        .where('password', '=', verifiedHash)
        .returning('id')
        .executeTakeFirst()
      return row !== undefined
    },

    /**
     * Sets a password whose owner could not be asked for the old one. False when the account is closed, or has another
     * address by now than the one that was proved.
     */
    async setPassword(
      id: UserId,
      { email, passwordHash, isProved }: ProvenPassword,
      nowMs: EpochMs,
    ): Promise<boolean> {
      const set = { password: passwordHash, updated_at: nowMs, ...(isProved && { email_verified: true }) }
      return (await provedAccount(id, email).set(set).executeTakeFirst()) !== undefined
    },

    /** False in the same cases. */
    async verifyEmail(id: UserId, email: string, nowMs: EpochMs): Promise<boolean> {
      const set = { email_verified: true, updated_at: nowMs }
      return (await provedAccount(id, email).set(set).executeTakeFirst()) !== undefined
    },
  }
}

const accounts = (db: Handle) =>
  db.selectFrom('users').select(userColumns).select(['password', 'force_logout_at'])

const accountByEmail = preparedRow((db, { email }: { email: string }) =>
  accounts(db).where('email', '=', email),
)

type VerifiedLogin = { id: UserId; verifiedHash: string; password: string; nowMs: EpochMs }

const loginOf = preparedQuery((db, { id, verifiedHash, password, nowMs }: VerifiedLogin) =>
  db
    .updateTable('users')
    .set({ last_login: nowMs, password })
    .where('id', '=', id)
    .where('is_active', '=', true)
    .where('password', '=', verifiedHash)
    .returning(userColumns),
)

const toStoredAccount = (
  row: UserRow & Pick<Selectable<UsersTable>, 'password' | 'force_logout_at'>,
): StoredAccount => ({
  user: toUser(row),
  passwordHash: row.password,
  loggedOutAtMs: row.force_logout_at,
})
