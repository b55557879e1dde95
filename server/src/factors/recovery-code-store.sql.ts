import type { EpochMs, UserId } from '../kernel/index.ts'
import type { Handle } from '../store/index.ts'

/** A recovery code as it is kept. */
export interface HashedCode {
  readonly selector: string
  readonly hash: string
}

export type RecoveryCodeStore = ReturnType<typeof sqlRecoveryCodeStore>

export const sqlRecoveryCodeStore = (db: Handle) => ({
  /** How many are left. */
  async countUnused(userId: UserId): Promise<number> {
    const { count } = await db
      .selectFrom('recovery_codes')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .where('user_id', '=', userId)
      .where('used_at', 'is', null)
      .executeTakeFirstOrThrow()
    return Number(count)
  },

  /** The unused ones that a code with this selector can be. */
  async findUnused(userId: UserId, selector: string): Promise<readonly { id: number; hash: string }[]> {
    const rows = await db
      .selectFrom('recovery_codes')
      .select(['id', 'code_hash'])
      .where('user_id', '=', userId)
      .where('selector', '=', selector)
      .where('used_at', 'is', null)
      .orderBy('id')
      .execute()
    return rows.map(({ id, code_hash }) => ({ id, hash: code_hash }))
  },

  /** Puts these codes in the place of all that the account has. */
  async replaceAll(userId: UserId, codes: readonly HashedCode[], nowMs: EpochMs): Promise<void> {
    await db.deleteFrom('recovery_codes').where('user_id', '=', userId).execute()
    const values = codes.map(({ selector, hash }) => ({
      user_id: userId,
      selector,
      code_hash: hash,
      created_at: nowMs,
      used_at: null,
    }))
    if (values.length > 0) await db.insertInto('recovery_codes').values(values).execute()
  },

  /** The one use of a code, as one guarded statement: of any number of callers exactly one gets true. */
  async consume(userId: UserId, id: number, nowMs: EpochMs): Promise<boolean> {
    const row = await db
      .updateTable('recovery_codes')
      .set({ used_at: nowMs })
      .where('id', '=', id)
      .where('user_id', '=', userId)
      .where('used_at', 'is', null)
      .returning('id')
      .executeTakeFirst()
    return row !== undefined
  },
})
