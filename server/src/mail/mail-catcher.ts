import type { MailTransport } from './mail-transport.ts'
import type { RenderedMail } from './render-mail.ts'

/** Mails that are kept to be read, the newest first: those of the demo and of tests. */
export interface MailCatcher extends MailTransport {
  readonly mails: readonly RenderedMail[]
}

/** So many are kept in memory. */
const mostMails = 200

/** Takes every mail and sends none. */
export function createMailCatcher(): MailCatcher {
  const mails: RenderedMail[] = []
  return {
    mails,
    async send(mail) {
      mails.unshift(mail)
      mails.length = Math.min(mails.length, mostMails)
    },
    async verify() {},
    close() {},
  }
}
