import { createHash } from 'node:crypto'
import type { Selectable } from 'kysely'
import type { EpochMs, FactorId, UserId } from '../kernel/index.ts'
import { type FactorsTable, type Handle, isUniqueViolation, sweepExpired } from '../store/index.ts'
import type { AnsweredChallenge } from './challenges.ts'

export interface StoredPasskey {
  readonly id: FactorId
  readonly userId: UserId
  readonly credentialId: string
  /** COSE, in base64url. */
  readonly publicKey: string
  readonly signCount: number
  readonly transports: readonly string[]
}

type NewPasskey = Omit<StoredPasskey, 'id'> & { readonly name: string }

export type PasskeyStore = ReturnType<typeof sqlPasskeyStore>

export const sqlPasskeyStore = (db: Handle) => ({
  /** Undefined when there is a passkey of this id already. */
  async add(passkey: NewPasskey, nowMs: EpochMs): Promise<FactorId | undefined> {
    const { userId, name, credentialId, publicKey, signCount, transports } = passkey
    try {
      const { id } = await db
        .insertInto('factors')
        .values({
          user_id: userId,
          kind: 'passkey',
          name,
          created_at: nowMs,
          confirmed_at: nowMs,
          last_used_at: null,
          encrypted_secret: null,
          last_step: null,
          credential_id: credentialId,
          public_key: publicKey,
          sign_count: signCount,
          transports: transports.join(' '),
        })
        .returning('id')
        .executeTakeFirstOrThrow()
      return id as FactorId
    } catch (error) {
      if (isUniqueViolation(error, 'factors', 'credential_id')) return undefined
      throw error
    }
  },

  async find(credentialId: string): Promise<StoredPasskey | undefined> {
    const row = await db
      .selectFrom('factors')
      .selectAll()
      .where('credential_id', '=', credentialId)
      .where('confirmed_at', 'is not', null)
      .executeTakeFirst()
    return row && toPasskey(row)
  },

  async list(userId: UserId): Promise<readonly StoredPasskey[]> {
    const rows = await db
      .selectFrom('factors')
      .selectAll()
      .where('user_id', '=', userId)
      .where('kind', '=', 'passkey')
      .where('confirmed_at', 'is not', null)
      .orderBy('id')
      .execute()
    return rows.map(toPasskey)
  },

  /**
   * Notes a use. Guarded: false when the passkey is gone, or when its counter is not behind this one. An authenticator
   * without a counter says 0 each time.
   */
  async use(
    { id, userId, signCount }: Pick<StoredPasskey, 'id' | 'userId' | 'signCount'>,
    nowMs: EpochMs,
  ): Promise<boolean> {
    const row = await db
      .updateTable('factors')
      .set({ sign_count: signCount, last_used_at: nowMs })
      .where('id', '=', id)
      .where('user_id', '=', userId)
      .where('confirmed_at', 'is not', null)
      .where(eb => (signCount === 0 ? eb('sign_count', '=', 0) : eb('sign_count', '<', signCount)))
      .returning('id')
      .executeTakeFirst()
    return row !== undefined
  },

  /** The one use of a challenge: of any number of callers, on any nodes, exactly one gets true. */
  async consumeChallenge({ challenge, expiresAtMs }: AnsweredChallenge): Promise<boolean> {
    // What was handed out stands in no table, not even once it is of no use.
    const hash = createHash('sha256').update(challenge).digest('hex')
    const row = await db
      .insertInto('used_challenges')
      .values({ challenge: hash, expires_at: expiresAtMs })
      .onConflict(conflict => conflict.column('challenge').doNothing())
      .returning('challenge')
      .executeTakeFirst()
    return row !== undefined
  },

  /** Removes those that expired before this instant, a bounded number at a time; gives their number. */
  deleteExpiredChallenges: (beforeMs: EpochMs): Promise<number> =>
    sweepExpired(db, 'used_challenges', beforeMs),
})

const toPasskey = (row: Selectable<FactorsTable>): StoredPasskey => ({
  id: row.id as FactorId,
  userId: row.user_id as UserId,
  credentialId: row.credential_id!,
  publicKey: row.public_key!,
  signCount: row.sign_count!,
  transports: row.transports?.split(' ').filter(Boolean) ?? [],
})
