import { type Selectable, sql } from 'kysely'
import { initialFields, type OwnFields, pickOwnFields } from '../identity/index.ts'
import type {
  ApiKeyId,
  EpochMs,
  InvitationId,
  Page,
  PageRequest,
  ProofId,
  RoleId,
  UserId,
} from '../kernel/index.ts'
import {
  containing,
  type Handle,
  type InvitationsTable,
  isUniqueViolation,
  lockRows,
  paginate,
  sweepExpired,
} from '../store/index.ts'
import type { Invitation, InvitationState } from './invitation.ts'

export type InvitationColumn = 'id' | 'email'

interface NewInvitation extends Pick<Invitation, 'email' | 'own' | 'locale' | 'expiresAtMs' | 'proofId'> {
  readonly inviter: Sender
  readonly roleIds: readonly RoleId[]
}

type Sender = Omit<Invitation['inviter'], 'email'>

interface InvitationFilter {
  readonly state?: InvitationState | undefined
}

type Row = Selectable<InvitationsTable> & { readonly inviterEmail: string }

export type InvitationStore = ReturnType<typeof sqlInvitationStore>

export const sqlInvitationStore = (db: Handle) => {
  const selectInvitations = () =>
    db
      .selectFrom('invitations as i')
      .innerJoin('users as u', 'u.id', 'i.inviter_id')
      .selectAll('i')
      .select('u.email as inviterEmail')

  async function withRoles(rows: readonly Row[]): Promise<Invitation[]> {
    if (rows.length === 0) return []
    const roles = await db
      .selectFrom('invitation_roles as ir')
      .innerJoin('roles as r', 'r.id', 'ir.role_id')
      .select(['ir.invitation_id as invitationId', 'r.code_name as name'])
      .where(
        'ir.invitation_id',
        'in',
        rows.map(row => row.id),
      )
      .orderBy('r.code_name')
      .execute()
    return rows.map(row =>
      toInvitation(
        row,
        roles.filter(({ invitationId }) => invitationId === row.id).map(({ name }) => name),
      ),
    )
  }

  return {
    async list(
      { state }: InvitationFilter,
      page: PageRequest<InvitationColumn>,
      nowMs: EpochMs,
    ): Promise<Page<Invitation>> {
      const query = selectInvitations()
        .$if(state === 'pending', q => q.where('i.state', '=', 'pending').where('i.expires_at', '>', nowMs))
        .$if(state === 'expired', q =>
          q.where(eb =>
            eb.or([
              eb('i.state', '=', 'expired'),
              eb.and([eb('i.state', '=', 'pending'), eb('i.expires_at', '<=', nowMs)]),
            ]),
          ),
        )
        .$if(state === 'accepted' || state === 'revoked', q => q.where('i.state', '=', state!))
        .$if(page.search !== undefined, q => q.where(containing(sql`i.email`, page.search!)))
      const keys = { id: sql<number>`i.id`, email: sql<string>`i.email` }
      const { rows, ...rest } = await paginate(
        query,
        { value: keys[page.ordering.column], id: keys.id },
        page,
      )
      return { ...rest, rows: await withRoles(rows) }
    },

    async findById(id: InvitationId): Promise<Invitation | undefined> {
      return (await withRoles(await selectInvitations().where('i.id', '=', id).execute()))[0]
    },

    /** The one whose link or code is of this proof now. */
    async findByProof(proofId: ProofId): Promise<Invitation | undefined> {
      return (await withRoles(await selectInvitations().where('i.proof_id', '=', proofId).execute()))[0]
    },

    /** The invitation, which no other transaction changes until this one ends; undefined when there is none. */
    async lock(id: InvitationId): Promise<Invitation | undefined> {
      await lockRows(db, db.selectFrom('invitations').select('id').where('id', '=', id)).execute()
      return this.findById(id)
    },

    async roleIdsOf(id: InvitationId): Promise<readonly RoleId[]> {
      const rows = await db
        .selectFrom('invitation_roles')
        .select('role_id')
        .where('invitation_id', '=', id)
        .orderBy('role_id')
        .execute()
      return rows.map(row => row.role_id as RoleId)
    },

    /** Ends those to an address whose time is over, so that another can wait in their place. */
    async endExpired(email: string, nowMs: EpochMs): Promise<void> {
      await db
        .updateTable('invitations')
        .set({ state: 'expired', finished_at: nowMs })
        .where('email', '=', email)
        .where('state', '=', 'pending')
        .where('expires_at', '<=', nowMs)
        .execute()
    },

    /** Undefined when one to the same address waits already. */
    async add(invitation: NewInvitation, nowMs: EpochMs): Promise<InvitationId | undefined> {
      // ON CONFLICT rather than a caught error: on PostgreSQL an error would end the whole transaction.
      const row = await db
        .insertInto('invitations')
        .values({
          email: invitation.email,
          own_fields: JSON.stringify(invitation.own),
          locale: invitation.locale,
          ...senderColumns(invitation.inviter),
          created_at: nowMs,
          sent_at: nowMs,
          expires_at: invitation.expiresAtMs,
          state: 'pending',
          finished_at: null,
          proof_id: invitation.proofId,
          user_id: null,
        })
        .onConflict(conflict => conflict.doNothing())
        .returning('id')
        .executeTakeFirst()
      if (row !== undefined && invitation.roleIds.length > 0) {
        const values = invitation.roleIds.map(role_id => ({ invitation_id: row.id, role_id }))
        await db.insertInto('invitation_roles').values(values).execute()
      }
      return row?.id as InvitationId | undefined
    },

    /**
     * Gives one that is pending or expired a new proof and a new sender, who answers for it from now on. False when another one
     * to the same address waits; then the transaction must be given up.
     */
    async resend(
      id: InvitationId,
      { inviter, expiresAtMs, proofId }: Pick<NewInvitation, 'inviter' | 'expiresAtMs' | 'proofId'>,
      nowMs: EpochMs,
    ): Promise<boolean> {
      const times = { sent_at: nowMs, expires_at: expiresAtMs, proof_id: proofId, finished_at: null }
      try {
        await db
          .updateTable('invitations')
          .set({ ...senderColumns(inviter), ...times, state: 'pending' })
          .where('id', '=', id)
          .execute()
        return true
      } catch (error) {
        if (isUniqueViolation(error, 'invitations', 'email')) return false
        throw error
      }
    },

    /** False when it was finished before. */
    async revoke(id: InvitationId, nowMs: EpochMs): Promise<boolean> {
      const row = await db
        .updateTable('invitations')
        .set({ state: 'revoked', finished_at: nowMs })
        .where('id', '=', id)
        .where('state', 'in', ['pending', 'expired'])
        .returning('id')
        .executeTakeFirst()
      return row !== undefined
    },

    /**
     * Finishes the invitation whose proof this transaction has consumed. One guarded statement: false when it was revoked or
     * sent anew meanwhile.
     */
    async accept(
      { id, proofId }: Pick<Invitation, 'id' | 'proofId'>,
      userId: UserId,
      nowMs: EpochMs,
    ): Promise<boolean> {
      const row = await db
        .updateTable('invitations')
        .set({ state: 'accepted', finished_at: nowMs, user_id: userId })
        .where('id', '=', id)
        .where('proof_id', '=', proofId)
        .where('state', '=', 'pending')
        .returning('id')
        .executeTakeFirst()
      return row !== undefined
    },

    /** Forgets every invitation to an account and to its address. */
    async deleteOf(userId: UserId, email: string): Promise<void> {
      await db
        .deleteFrom('invitations')
        .where(eb => eb.or([eb('user_id', '=', userId), eb('email', '=', email)]))
        .execute()
    },

    /** Deletes some whose time was over before then, whatever became of them, and says how many. */
    deleteOld: (beforeMs: EpochMs): Promise<number> => sweepExpired(db, 'invitations', beforeMs),
  }
}

const senderColumns = ({ userId, apiKeyId }: Sender) => ({ inviter_id: userId, api_key_id: apiKeyId })

const toInvitation = (row: Row, roles: readonly string[]): Invitation => ({
  id: row.id as InvitationId,
  email: row.email,
  own: pickOwnFields({ ...initialFields, ...(JSON.parse(row.own_fields) as Partial<OwnFields>) }),
  roles,
  locale: row.locale,
  inviter: {
    userId: row.inviter_id as UserId,
    apiKeyId: row.api_key_id as ApiKeyId | null,
    email: row.inviterEmail,
  },
  createdAtMs: row.created_at,
  sentAtMs: row.sent_at,
  expiresAtMs: row.expires_at,
  state: row.state,
  finishedAtMs: row.finished_at,
  proofId: row.proof_id as ProofId,
  userId: row.user_id as UserId | null,
})
