import type { EpochMs, UserId } from '../kernel/index.ts'
import type { Handle } from '../store/index.ts'

interface ProvenPassword {
  /** The address to which the proof was sent. */
  readonly email: string
  readonly passwordHash: string
  /** Whether the proof came by mail, and so proves the address. */
  readonly isProved: boolean
}

/**
 * What a proof of an address changes of its account. Each is one guarded statement: false when the account is closed, or
 * has another address by now than the one that was proved.
 */
export function provenAccounts(db: Handle) {
  const open = (id: UserId, email: string) =>
    db
      .updateTable('users')
      .where('id', '=', id)
      .where('email', '=', email)
      .where('is_active', '=', true)
      .returning('id')

  return {
    /** Sets a password whose owner could not be asked for the old one. */
    async setPassword(
      id: UserId,
      { email, passwordHash, isProved }: ProvenPassword,
      nowMs: EpochMs,
    ): Promise<boolean> {
      const set = { password: passwordHash, updated_at: nowMs, ...(isProved && { email_verified: true }) }
      return (await open(id, email).set(set).executeTakeFirst()) !== undefined
    },

    async verifyEmail(id: UserId, email: string, nowMs: EpochMs): Promise<boolean> {
      const set = { email_verified: true, updated_at: nowMs }
      return (await open(id, email).set(set).executeTakeFirst()) !== undefined
    },
  }
}
