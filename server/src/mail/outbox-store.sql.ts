import { type Selectable, sql } from 'kysely'
import {
  type EpochMs,
  type MailId,
  type Page,
  type PageRequest,
  rowsPerSweep,
  type UserId,
} from '../kernel/index.ts'
import { type Handle, type MailOutboxTable, paginate } from '../store/index.ts'
import {
  type KnownMail,
  type MailDetails,
  type MailKind,
  type MailState,
  mailKinds,
  type NewMail,
  type OutboxMail,
} from './mail.ts'

interface OutboxOptions {
  /** Whether this server can send mail. */
  readonly isOn: boolean
  /** Called for each mail that is added, in its transaction. */
  readonly onAdd: () => void
}

/** One attempt to send a mail: it alone may end what it began. */
export interface Attempt {
  readonly id: MailId
  /** The number of it, from 1 on. */
  readonly attempts: number
}

export type OutboxStore = ReturnType<typeof sqlOutboxStore>

export const sqlOutboxStore = (db: Handle, { isOn, onAdd }: OutboxOptions) => {
  const finish = async (
    { id, attempts }: Attempt,
    state: Exclude<MailState, 'pending'>,
    { nowMs, error }: { nowMs: EpochMs; error: string | null },
  ): Promise<boolean> => {
    const finished = await db
      .updateTable('mail_outbox')
      .set({ state, finished_at: nowMs, last_error: error })
      .where('id', '=', id)
      .where('state', '=', 'pending')
      .where('attempts', '=', attempts)
      .returning('id')
      .executeTakeFirst()
    return finished !== undefined
  }

  return {
    /** Whether this server can send mail. Where it cannot, nothing may be offered that needs one. */
    isOn,

    /** Has the mail sent after this transaction has been committed. Refuses with a TypeError where mail is not configured. */
    async add(mail: NewMail, nowMs: EpochMs): Promise<MailId> {
      if (!isOn) throw new TypeError('Mail is not configured: ask outbox.isOn before a mail is added.')
      const { id } = await db
        .insertInto('mail_outbox')
        .values({
          kind: mail.kind,
          locale: mail.locale,
          to_email: mail.toEmail,
          user_id: mail.userId,
          proof_id: mail.proofId,
          details: JSON.stringify(mail.details),
          created_at: nowMs,
          attempts: 0,
          next_attempt_at: nowMs,
          state: 'pending',
          finished_at: null,
          last_error: null,
        })
        .returning('id')
        .executeTakeFirstOrThrow()
      onAdd()
      return id as MailId
    },

    async list(
      { state }: { readonly state?: MailState | undefined },
      page: PageRequest<'id'>,
    ): Promise<Page<OutboxMail>> {
      const query = db
        .selectFrom('mail_outbox as m')
        .selectAll('m')
        .$if(state !== undefined, q => q.where('m.state', '=', state!))
      const id = sql<number>`m.id`
      const { rows, ...rest } = await paginate(query, { value: id, id }, page)
      return { ...rest, rows: rows.map(toMail) }
    },

    async findById(id: MailId): Promise<OutboxMail | undefined> {
      const row = await db.selectFrom('mail_outbox').selectAll().where('id', '=', id).executeTakeFirst()
      return row && toMail(row)
    },

    /** Mails whose time has come, the one that waits longest first. Those of kinds that a newer release added are left to it. */
    async listDue(nowMs: EpochMs, limit: number): Promise<readonly KnownMail[]> {
      const rows = await db
        .selectFrom('mail_outbox')
        .selectAll()
        .where('state', '=', 'pending')
        .where('kind', 'in', [...mailKinds])
        .where('next_attempt_at', '<=', nowMs)
        .orderBy('next_attempt_at')
        .orderBy('id')
        .limit(limit)
        .execute()
      return rows.map(row => ({ ...toMail(row), kind: row.kind as MailKind }))
    },

    /**
     * Begins an attempt; undefined when another has begun since the mail was read. INVARIANT: of any number of nodes at
     * one instant, one gets it, and until `untilMs` no other does (ADR 44).
     */
    async claim(
      { id, attempts }: Pick<OutboxMail, 'id' | 'attempts'>,
      { nowMs, untilMs }: { nowMs: EpochMs; untilMs: EpochMs },
    ): Promise<Attempt | undefined> {
      const claimed = await db
        .updateTable('mail_outbox')
        .set({ attempts: attempts + 1, next_attempt_at: untilMs })
        .where('id', '=', id)
        .where('state', '=', 'pending')
        .where('attempts', '=', attempts)
        .where('next_attempt_at', '<=', nowMs)
        .returning('id')
        .executeTakeFirst()
      return claimed && { id, attempts: attempts + 1 }
    },

    /** True when the attempt was the one that ended it. */
    sent: (attempt: Attempt, nowMs: EpochMs): Promise<boolean> =>
      finish(attempt, 'sent', { nowMs, error: null }),

    /** It is not sent any more: no server will take it. True when the attempt was the one that ended it. */
    failed: (attempt: Attempt, nowMs: EpochMs, error: string): Promise<boolean> =>
      finish(attempt, 'failed', { nowMs, error }),

    /** It is not sent any more: there is no use in it. */
    dropped: (attempt: Attempt, nowMs: EpochMs): Promise<boolean> =>
      finish(attempt, 'dropped', { nowMs, error: null }),

    async tryAgainAt({ id, attempts }: Attempt, atMs: EpochMs, error: string): Promise<void> {
      await db
        .updateTable('mail_outbox')
        .set({ next_attempt_at: atMs, last_error: error })
        .where('id', '=', id)
        .where('state', '=', 'pending')
        .where('attempts', '=', attempts)
        .execute()
    },

    /** A mail that failed gets one more attempt; false when there is no failed one of this id. */
    async retry(id: MailId, nowMs: EpochMs): Promise<boolean> {
      const retried = await db
        .updateTable('mail_outbox')
        .set({ state: 'pending', next_attempt_at: nowMs, finished_at: null })
        .where('id', '=', id)
        .where('state', '=', 'failed')
        .returning('id')
        .executeTakeFirst()
      if (retried !== undefined) onAdd()
      return retried !== undefined
    },

    /** How many there are of each state but those that were sent or dropped. */
    async count(): Promise<{ readonly pending: number; readonly failed: number }> {
      const rows = await db
        .selectFrom('mail_outbox')
        .select(({ fn }) => ['state', fn.countAll<number>().as('count')])
        .where('state', 'in', ['pending', 'failed'])
        .groupBy('state')
        .execute()
      const of = (state: MailState) => Number(rows.find(row => row.state === state)?.count ?? 0)
      return { pending: of('pending'), failed: of('failed') }
    },

    /** Deletes some mails of these states that were finished before then, and says how many. */
    async deleteFinished(states: readonly MailState[], beforeMs: EpochMs): Promise<number> {
      const rows = await db
        .deleteFrom('mail_outbox')
        .where('id', 'in', eb =>
          eb
            .selectFrom('mail_outbox')
            .select('id')
            .where('finished_at', '<', beforeMs)
            .where('state', 'in', [...states])
            .orderBy('finished_at')
            .limit(rowsPerSweep),
        )
        .returning('id')
        .execute()
      return rows.length
    },

    /** Forgets every mail of an account, sent or not. */
    async deleteOf(userId: UserId, email: string): Promise<void> {
      await db.deleteFrom('mail_outbox').where('user_id', '=', userId).execute()
      await db.deleteFrom('mail_outbox').where('to_email', '=', email).execute()
    },
  }
}

const toMail = (row: Selectable<MailOutboxTable>): OutboxMail => ({
  id: row.id as MailId,
  kind: row.kind,
  locale: row.locale,
  toEmail: row.to_email,
  userId: row.user_id as UserId | null,
  proofId: row.proof_id,
  details: JSON.parse(row.details) as MailDetails,
  createdAtMs: row.created_at,
  attempts: row.attempts,
  nextAttemptAtMs: row.next_attempt_at,
  state: row.state,
  finishedAtMs: row.finished_at,
  lastError: row.last_error,
})
