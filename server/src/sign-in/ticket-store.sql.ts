import type { Selectable } from 'kysely'
import type { EpochMs, UserId } from '../kernel/index.ts'
import { type Handle, type SignInTicketsTable, sweepExpired } from '../store/index.ts'

/** So many factors may be presented with one ticket, right or wrong. */
const attemptsPerTicket = 5

export type FirstStep = 'password' | 'code'

/** Where a sign-in stands whose password was right. */
export interface Ticket {
  readonly id: string
  readonly userId: UserId
  readonly passwordFingerprint: string
  /** What was shown in the first step. */
  readonly firstStep: FirstStep
  readonly createdAtMs: EpochMs
}

interface NewTicket extends Ticket {
  readonly secretHash: string
  readonly expiresAtMs: EpochMs
}

export type TicketStore = ReturnType<typeof sqlTicketStore>

export const sqlTicketStore = (db: Handle) => {
  const usable = (id: string, secretHash: string, nowMs: EpochMs) =>
    db
      .updateTable('sign_in_tickets')
      .where('id', '=', id)
      .where('secret_hash', '=', secretHash)
      .where('consumed_at', 'is', null)
      .where('expires_at', '>', nowMs)

  return {
    async add(ticket: NewTicket): Promise<void> {
      await db
        .insertInto('sign_in_tickets')
        .values({
          id: ticket.id,
          secret_hash: ticket.secretHash,
          user_id: ticket.userId,
          password_fingerprint: ticket.passwordFingerprint,
          first_step: ticket.firstStep === 'code' ? 'code' : null,
          created_at: ticket.createdAtMs,
          expires_at: ticket.expiresAtMs,
          attempts: 0,
          consumed_at: null,
        })
        .execute()
    },

    /**
     * Counts an attempt with a ticket and gives the ticket; undefined where it is unknown, consumed, expired or used up.
     * INVARIANT: one guarded statement, committed before the factor is verified, so of any number of attempts at once no
     * more are verified than a ticket has.
     */
    async takeAttempt(id: string, secretHash: string, nowMs: EpochMs): Promise<Ticket | undefined> {
      const row = await usable(id, secretHash, nowMs)
        .set(eb => ({ attempts: eb('attempts', '+', 1) }))
        .where('attempts', '<', attemptsPerTicket)
        .returning(ticketColumns)
        .executeTakeFirst()
      return row && toTicket(row)
    },

    /** The ticket, as long as it can be used; nothing is counted. */
    async findUsable(id: string, secretHash: string, nowMs: EpochMs): Promise<Ticket | undefined> {
      const row = await db
        .selectFrom('sign_in_tickets')
        .select(ticketColumns)
        .where('id', '=', id)
        .where('secret_hash', '=', secretHash)
        .where('consumed_at', 'is', null)
        .where('expires_at', '>', nowMs)
        .where('attempts', '<', attemptsPerTicket)
        .executeTakeFirst()
      return row && toTicket(row)
    },

    /** The one use of a ticket, as one guarded statement: of any number of callers exactly one gets true. */
    async consume(id: string, secretHash: string, nowMs: EpochMs): Promise<boolean> {
      const row = await usable(id, secretHash, nowMs)
        .set({ consumed_at: nowMs })
        .returning('id')
        .executeTakeFirst()
      return row !== undefined
    },

    /** Takes away those of an account. */
    async deleteOf(userId: UserId): Promise<void> {
      await db.deleteFrom('sign_in_tickets').where('user_id', '=', userId).execute()
    },

    /** Removes those that expired before this instant, a bounded number at a time; gives their number. */
    deleteExpired: (beforeMs: EpochMs): Promise<number> => sweepExpired(db, 'sign_in_tickets', beforeMs),
  }
}

const ticketColumns = ['id', 'user_id', 'password_fingerprint', 'first_step', 'created_at'] as const

const toTicket = (row: Pick<Selectable<SignInTicketsTable>, (typeof ticketColumns)[number]>): Ticket => ({
  id: row.id,
  userId: row.user_id as UserId,
  passwordFingerprint: row.password_fingerprint,
  firstStep: row.first_step ?? 'password',
  createdAtMs: row.created_at,
})
