import type { Generated } from 'kysely'

/** Invitations, and what became of those of the last months (ADR 48). SECRET: holds no link and no code. */
export interface InvitationsTable {
  id: Generated<number>
  email: string
  /** JSON: names that the inviter gave, which its reader may change. */
  own_fields: string
  /** Null where it is not known which language its reader reads. */
  locale: 'en' | 'ru' | null
  /** The account that answers for it: of who sent it last. */
  inviter_id: number
  /** The API key by which it was sent last; not a reference, since an invitation outlives it. */
  api_key_id: number | null
  created_at: number
  /** When the link that works now was made. */
  sent_at: number
  expires_at: number
  /** `pending` also where the time is over: nothing needs to be written for it to end. */
  state: 'pending' | 'accepted' | 'revoked' | 'expired'
  finished_at: number | null
  /** The proof whose link and code work now. */
  proof_id: number
  /** The account that it became. */
  user_id: number | null
}

/** A role that is deleted leaves every invitation. */
export interface InvitationRolesTable {
  invitation_id: number
  role_id: number
}
