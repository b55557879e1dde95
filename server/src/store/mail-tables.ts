import type { Generated } from 'kysely'

/** Mails to be sent, and those of the last days that were (ADR 44). SECRET: holds no link, no code and no text of a mail. */
export interface MailOutboxTable {
  id: Generated<number>
  kind: string
  /** Null where it is not known which language its reader reads. */
  locale: 'en' | 'ru' | null
  to_email: string
  user_id: number | null
  /** The proof whose link and code the mail brings. */
  proof_id: number | null
  /** JSON: what the text says beside them. */
  details: string
  created_at: number
  /** How often a node has begun to send it. */
  attempts: number
  /** While an attempt runs: until when it is this one's alone. */
  next_attempt_at: number
  state: 'pending' | 'sent' | 'failed' | 'dropped'
  finished_at: number | null
  last_error: string | null
}
