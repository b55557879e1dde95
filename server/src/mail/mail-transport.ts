import type { RenderedMail } from './render-mail.ts'

/** What takes a mail from here: a mail server, or in the demo and in tests what keeps it to be read. */
export interface MailTransport {
  /** Resolves when the mail was taken. Rejects with a MailFailure. It gives up when `signal` says so. */
  send(mail: RenderedMail, signal: AbortSignal): Promise<void>
  /** Whether mail would be taken; rejects with a MailFailure where not. Sends nothing. */
  verify(): Promise<void>
  /** Ends open connections. Nothing is sent any more. */
  close(): void
}

/** A mail was not taken. `reason` holds codes alone: what a server says may quote the mail (ADR 44). */
export class MailFailure extends Error {
  /** Whether no other attempt can be of use. */
  readonly isPermanent: boolean
  readonly reason: string

  constructor(reason: string, isPermanent: boolean) {
    super(`The mail was not taken: ${reason}`)
    this.name = 'MailFailure'
    this.reason = reason
    this.isPermanent = isPermanent
  }
}
