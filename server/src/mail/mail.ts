import type { EpochMs, Locale, MailId, UserId } from '../kernel/index.ts'

/** Every mail that there is. A kind is a name of the database, of template files and of the API: never renamed. */
export const mailKinds = [
  /** To an address that is to be proved: a link and a code. */
  'email_verify',
  /** To an account whose password is to be set anew: a link and a code. */
  'password_reset',
  /** To the new address of an account: a link and a code. */
  'email_change',
  /** To the old address of an account, after the change: a link that undoes it. */
  'email_changed',
  /** To a person who is to have an account: a link and a code. */
  'invitation',
  /** To an account that signs in by a mail: a link and a code. */
  'login_code',
  /** To an account of which something was changed; it cannot be turned off. */
  'security_notice',
  /** To the owner of an address that has an account, after an attempt to register it. */
  'address_taken',
] as const

export type MailKind = (typeof mailKinds)[number]

/** What a security notice can be about. */
export const noticeEvents = [
  'new_device',
  'password_changed',
  'email_changed',
  'factor_added',
  'factor_removed',
  'recovery_used',
  'passkey_copied',
  'device_remembered',
  'sessions_ended_by_admin',
  'api_key_made',
] as const

export type NoticeEvent = (typeof noticeEvents)[number]

/**
 * What the text of a mail says beside its link and its code. SECRET: never a link, a code, a token or a password, since
 * it is stored. A text that a caller chose has no place in it either: it would reach the inbox of another person.
 */
export type MailDetails = Readonly<Record<string, string | number | null>>

export interface NewMail {
  readonly kind: MailKind
  /** Null where it is not known: then PROPUSK_MAIL_LOCALE. */
  readonly locale: Locale | null
  readonly toEmail: string
  readonly userId: UserId | null
  /** The proof whose link and code it brings. When that is consumed or over before the mail is sent, it is not sent. */
  readonly proofId: number | null
  readonly details: MailDetails
}

export const mailStates = ['pending', 'sent', 'failed', 'dropped'] as const

export type MailState = (typeof mailStates)[number]

/** A mail as the outbox has it. */
export interface OutboxMail extends Omit<NewMail, 'kind'> {
  readonly id: MailId
  /** One of `mailKinds`, unless a newer release wrote the row. */
  readonly kind: string
  readonly createdAtMs: EpochMs
  /** How often a node has begun to send it. */
  readonly attempts: number
  readonly nextAttemptAtMs: EpochMs
  readonly state: MailState
  readonly finishedAtMs: EpochMs | null
  /** Codes alone: what a server wrote may quote the mail, and so its link. */
  readonly lastError: string | null
}

/** A mail that this release can send. */
export interface KnownMail extends OutboxMail {
  readonly kind: MailKind
}

/** Kinds that are of no use without their proof. A notice is: it says what was done. */
export const kindsWithProof: ReadonlySet<MailKind> = new Set([
  'email_verify',
  'password_reset',
  'email_change',
  'email_changed',
  'invitation',
  'login_code',
])

const dayMs = 86_400_000

/** How long mails stay in the list when they are finished: those that failed for longer, as they are to be looked into. */
export const keptMails: readonly { readonly states: readonly MailState[]; readonly keepMs: number }[] = [
  { states: ['sent', 'dropped'], keepMs: 7 * dayMs },
  { states: ['failed'], keepMs: 30 * dayMs },
]
