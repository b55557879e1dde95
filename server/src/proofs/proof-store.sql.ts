import type { Selectable } from 'kysely'
import type { EpochMs, ProofId, UserId } from '../kernel/index.ts'
import { type Handle, type ProofsTable, sweepExpired } from '../store/index.ts'
import {
  boundOf,
  mostWrongCodes,
  type Proof,
  type ProofDetails,
  type ProofKind,
  proofKinds,
} from './proof.ts'

export interface NewProof {
  readonly kind: ProofKind
  readonly userId: UserId | null
  readonly email: string
  /** One life of its kind unless given. */
  readonly expiresAtMs?: EpochMs
  readonly details?: ProofDetails
}

export type ProofStore = ReturnType<typeof sqlProofStore>

export const sqlProofStore = (db: Handle) => {
  const live = (nowMs: EpochMs) =>
    db.updateTable('proofs').where('consumed_at', 'is', null).where('expires_at', '>', nowMs)

  return {
    /** Adds a proof; of the older ones of the same kind and address, and of the same details for some kinds, only the newest go on. */
    async add({ kind, userId, email, expiresAtMs, details = {} }: NewProof, nowMs: EpochMs): Promise<Proof> {
      const written = JSON.stringify(details)
      const { mostLive, isByDetails } = boundOf(kind)
      const row = await db
        .insertInto('proofs')
        .values({
          kind,
          user_id: userId,
          email,
          created_at: nowMs,
          expires_at: expiresAtMs ?? nowMs + proofKinds[kind].lifeMs,
          consumed_at: null,
          wrong_codes: 0,
          details: written,
        })
        .returningAll()
        .executeTakeFirstOrThrow()
      const kept = db
        .selectFrom('proofs')
        .select('id')
        .where('kind', '=', kind)
        .where('email', '=', email)
        .$if(isByDetails, query => query.where('details', '=', written))
        .orderBy('id', 'desc')
        .limit(mostLive)
      await live(nowMs)
        .set({ consumed_at: nowMs })
        .where('kind', '=', kind)
        .where('email', '=', email)
        .$if(isByDetails, query => query.where('details', '=', written))
        .where('id', 'not in', kept)
        .execute()
      return toProof(row)
    },

    async findById(id: ProofId): Promise<Proof | undefined> {
      const row = await db.selectFrom('proofs').selectAll().where('id', '=', id).executeTakeFirst()
      return row && toProof(row)
    },

    /** Proofs of an address whose links work, the newest first. */
    async listLive(kind: ProofKind, email: string, nowMs: EpochMs): Promise<readonly Proof[]> {
      const rows = await db
        .selectFrom('proofs')
        .selectAll()
        .where('email', '=', email)
        .where('kind', '=', kind)
        .where('consumed_at', 'is', null)
        .where('expires_at', '>', nowMs)
        .orderBy('id', 'desc')
        .execute()
      return rows.map(toProof)
    },

    /**
     * Counts a wrong code at every proof that a code of these kinds could be for, and gives these proofs. INVARIANT: before the code
     * is compared, in the same transaction: of any number of guesses at the same time no more are compared than a proof has.
     */
    async takeCodeTry(kinds: readonly ProofKind[], email: string, nowMs: EpochMs): Promise<readonly Proof[]> {
      const rows = await live(nowMs)
        .set(eb => ({ wrong_codes: eb('wrong_codes', '+', 1) }))
        .where('email', '=', email)
        .where('kind', 'in', kinds)
        .where('wrong_codes', '<', mostWrongCodes)
        .returningAll()
        .execute()
      return rows.map(toProof)
    },

    /** Takes back what `takeCodeTry` counted: the code was right for one of them. */
    async refundCodeTry(ids: readonly ProofId[]): Promise<void> {
      await db
        .updateTable('proofs')
        .set(eb => ({ wrong_codes: eb('wrong_codes', '-', 1) }))
        .where('id', 'in', ids)
        .where('wrong_codes', '>', 0)
        .execute()
    },

    /**
     * Uses a proof up, in the transaction of its effect. One guarded statement: of any number of callers, on any nodes, at
     * most one whose transaction commits is told true.
     */
    async consume(id: ProofId, nowMs: EpochMs): Promise<boolean> {
      const row = await live(nowMs)
        .set({ consumed_at: nowMs })
        .where('id', '=', id)
        .returning('id')
        .executeTakeFirst()
      return row !== undefined
    },

    /** Makes every proof of an account useless, but of the kinds that are kept. */
    async cancelOf(userId: UserId, nowMs: EpochMs, kept: readonly ProofKind[] = []): Promise<void> {
      await live(nowMs)
        .set({ consumed_at: nowMs })
        .where('user_id', '=', userId)
        .$if(kept.length > 0, query => query.where('kind', 'not in', kept))
        .execute()
    },

    /** Makes every proof of a kind for an address useless, and says how many there were. */
    async cancelKind(kind: ProofKind, email: string, nowMs: EpochMs): Promise<number> {
      const rows = await live(nowMs)
        .set({ consumed_at: nowMs })
        .where('kind', '=', kind)
        .where('email', '=', email)
        .returning('id')
        .execute()
      return rows.length
    },

    /** Forgets every proof of an account and of its address. */
    async deleteOf(userId: UserId, email: string): Promise<void> {
      await db
        .deleteFrom('proofs')
        .where(eb => eb.or([eb('user_id', '=', userId), eb('email', '=', email)]))
        .execute()
    },

    /** Deletes some proofs whose time was over before then, and says how many. */
    deleteExpired: (beforeMs: EpochMs): Promise<number> => sweepExpired(db, 'proofs', beforeMs),
  }
}

const toProof = (row: Selectable<ProofsTable>): Proof => ({
  id: row.id as ProofId,
  kind: row.kind as ProofKind,
  userId: row.user_id as UserId | null,
  email: row.email,
  createdAtMs: row.created_at,
  expiresAtMs: row.expires_at,
  consumedAtMs: row.consumed_at,
  wrongCodes: row.wrong_codes,
  details: JSON.parse(row.details) as ProofDetails,
})
