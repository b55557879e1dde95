import { type Selectable, sql } from 'kysely'
import { type EpochMs, type FactorId, rowsPerSweep, type UserId } from '../kernel/index.ts'
import { type FactorsTable, type Handle, preparedQuery } from '../store/index.ts'
import { enrolmentMs, type Factor, type FactorKind } from './factor.ts'

/** A TOTP with what its codes are compared with. */
interface StoredTotp {
  readonly id: FactorId
  readonly encryptedSecret: string
}

type Row = Selectable<FactorsTable>

export type FactorStore = ReturnType<typeof sqlFactorStore>

/** The second factors of accounts. One that is not confirmed is shown nowhere and proves nothing. */
export const sqlFactorStore = (db: Handle) => {
  const confirmed = (userId: UserId) =>
    db.selectFrom('factors').where('user_id', '=', userId).where('confirmed_at', 'is not', null)

  return {
    /** Whether the account has a second factor: what follows from its confirmed rows, and from nothing else (ADR 46). */
    isOn: async (userId: UserId): Promise<boolean> => (await confirmedKinds(db, { userId })).length > 0,

    /** The kinds of which the account has one that is on. */
    kinds: async (userId: UserId): Promise<readonly FactorKind[]> =>
      (await confirmedKinds(db, { userId })).map(({ kind }) => kind),

    /** The oldest first. */
    async list(userId: UserId): Promise<readonly Factor[]> {
      return (await confirmed(userId).selectAll().orderBy('id').execute()).map(toFactor)
    },

    /** A factor of this account that is on. */
    async find(userId: UserId, id: FactorId): Promise<Factor | undefined> {
      const row = await confirmed(userId).selectAll().where('id', '=', id).executeTakeFirst()
      return row && toFactor(row)
    },

    async countOf(userId: UserId, kind: FactorKind): Promise<number> {
      const { count } = await confirmed(userId)
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .where('kind', '=', kind)
        .executeTakeFirstOrThrow()
      return Number(count)
    },

    /** A TOTP that waits for its first code. An account has one of them at most: it takes the place of an older one. */
    async addTotp(
      { userId, name, encryptedSecret }: { userId: UserId; name: string; encryptedSecret: string },
      nowMs: EpochMs,
    ): Promise<FactorId> {
      await db.deleteFrom('factors').where('user_id', '=', userId).where('confirmed_at', 'is', null).execute()
      const { id } = await db
        .insertInto('factors')
        .values({
          ...empty,
          user_id: userId,
          kind: 'totp',
          name,
          created_at: nowMs,
          encrypted_secret: encryptedSecret,
        })
        .returning('id')
        .executeTakeFirstOrThrow()
      return id as FactorId
    },

    /** The enrolment that waits for its first code, unless that has taken too long. */
    async findPending(userId: UserId, id: FactorId, nowMs: EpochMs): Promise<StoredTotp | undefined> {
      const row = await db
        .selectFrom('factors')
        .select(['id', 'encrypted_secret'])
        .where('user_id', '=', userId)
        .where('id', '=', id)
        .where('kind', '=', 'totp')
        .where('confirmed_at', 'is', null)
        .where('created_at', '>', nowMs - enrolmentMs)
        .executeTakeFirst()
      return row && toStoredTotp(row)
    },

    /** Turns a TOTP on by the code of a step, which is used up. One guarded statement: of any number of callers one gets it. */
    async confirmTotp(
      userId: UserId,
      { id, step }: { id: FactorId; step: number },
      nowMs: EpochMs,
    ): Promise<Factor | undefined> {
      const row = await db
        .updateTable('factors')
        .set({ confirmed_at: nowMs, last_used_at: nowMs, last_step: step })
        .where('id', '=', id)
        .where('user_id', '=', userId)
        .where('kind', '=', 'totp')
        .where('confirmed_at', 'is', null)
        .where('created_at', '>', nowMs - enrolmentMs)
        .returningAll()
        .executeTakeFirst()
      return row && toFactor(row)
    },

    async listTotp(userId: UserId): Promise<readonly StoredTotp[]> {
      const rows = await confirmed(userId)
        .select(['id', 'encrypted_secret'])
        .where('kind', '=', 'totp')
        .orderBy('id')
        .execute()
      return rows.map(toStoredTotp)
    },

    /**
     * The one use of the code of a step: false where it, or one of a later step, was used already. INVARIANT: one guarded
     * statement, so that of any number of callers with one code, on any nodes, exactly one gets true (RFC 6238 section 5.2).
     */
    async consumeStep(
      userId: UserId,
      { id, step }: { id: FactorId; step: number },
      nowMs: EpochMs,
    ): Promise<boolean> {
      const row = await db
        .updateTable('factors')
        .set({ last_step: step, last_used_at: nowMs })
        .where('id', '=', id)
        .where('user_id', '=', userId)
        .where('kind', '=', 'totp')
        .where('confirmed_at', 'is not', null)
        .where(eb => eb.or([eb('last_step', 'is', null), eb('last_step', '<', step)]))
        .returning('id')
        .executeTakeFirst()
      return row !== undefined
    },

    async rename(userId: UserId, id: FactorId, name: string): Promise<Factor | undefined> {
      const row = await db
        .updateTable('factors')
        .set({ name })
        .where('id', '=', id)
        .where('user_id', '=', userId)
        .where('confirmed_at', 'is not', null)
        .returningAll()
        .executeTakeFirst()
      return row && toFactor(row)
    },

    /** Takes a factor that is on away. */
    async delete(userId: UserId, id: FactorId): Promise<Factor | undefined> {
      const row = await db
        .deleteFrom('factors')
        .where('id', '=', id)
        .where('user_id', '=', userId)
        .where('confirmed_at', 'is not', null)
        .returningAll()
        .executeTakeFirst()
      return row && toFactor(row)
    },

    /** Removes enrolments that were begun before this instant and never confirmed, a bounded number at a time. */
    async deleteUnconfirmed(beforeMs: EpochMs): Promise<number> {
      const some = db
        .selectFrom('factors')
        .select('id')
        .where('confirmed_at', 'is', null)
        .where('created_at', '<', beforeMs)
        .limit(rowsPerSweep)
      const result = await db.deleteFrom('factors').where('id', 'in', some).executeTakeFirst()
      return Number(result.numDeletedRows)
    },

    /**
     * Takes away what was turned on from this instant, begun enrolments, and recovery codes that are as new or that stand alone then;
     * gives the factors that were on.
     */
    async deleteSince(userId: UserId, sinceMs: EpochMs): Promise<readonly Factor[]> {
      const rows = await db
        .deleteFrom('factors')
        .where('user_id', '=', userId)
        .where(eb => eb.or([eb('confirmed_at', 'is', null), eb('confirmed_at', '>=', sinceMs)]))
        .returningAll()
        .execute()
      const isStillOn = (await confirmedKinds(db, { userId })).length > 0
      await db
        .deleteFrom('recovery_codes')
        .where('user_id', '=', userId)
        .$if(isStillOn, query => query.where('created_at', '>=', sinceMs))
        .execute()
      return rows.filter(row => row.confirmed_at !== null).map(toFactor)
    },

    /** Takes everything away that the account could prove beside its password; gives the factors that were on. */
    async deleteAll(userId: UserId): Promise<readonly Factor[]> {
      const rows = await db.deleteFrom('factors').where('user_id', '=', userId).returningAll().execute()
      await db.deleteFrom('recovery_codes').where('user_id', '=', userId).execute()
      return rows.filter(row => row.confirmed_at !== null).map(toFactor)
    },
  }
}

const empty = {
  confirmed_at: null,
  last_used_at: null,
  encrypted_secret: null,
  last_step: null,
  credential_id: null,
  public_key: null,
  sign_count: null,
  transports: null,
} as const

/** On the way of every sign-in. */
const confirmedKinds = preparedQuery((db, { userId }: { userId: UserId }) =>
  db
    .selectFrom('factors')
    .select('kind')
    .distinct()
    .where('user_id', '=', userId)
    .where('confirmed_at', 'is not', null)
    .orderBy(sql`kind`),
)

const toFactor = (row: Row): Factor => ({
  id: row.id as FactorId,
  userId: row.user_id as UserId,
  kind: row.kind,
  name: row.name,
  createdAtMs: row.created_at,
  lastUsedAtMs: row.last_used_at,
})

const toStoredTotp = ({ id, encrypted_secret }: Pick<Row, 'id' | 'encrypted_secret'>): StoredTotp => ({
  id: id as FactorId,
  encryptedSecret: encrypted_secret!,
})
