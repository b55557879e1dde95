import type { Transporter } from 'nodemailer'
import { MailFailure, type MailTransport } from './mail-transport.ts'
import type { RenderedMail } from './render-mail.ts'

interface SmtpSettings {
  /** SECRET: `smtp://user:password@host:587` or `smtps://…`. */
  readonly url: string
  readonly from: { readonly name: string; readonly address: string }
}

/** Connections to the mail server at a time, and so mails that are sent at a time. */
const mostConnections = 5

const timeouts = {
  dnsTimeout: 10_000,
  connectionTimeout: 10_000,
  greetingTimeout: 10_000,
  /** Without a byte from the server. */
  socketTimeout: 30_000,
}

/** Not kept long: a connection that the server has closed meanwhile costs the next mail its attempt. */
const idleMs = 10_000

/** One plain address: a dot-atom and a domain (RFC 5322 section 3.2.3), which no parser can read in two ways. */
const plainAddress = /^[\w!#$%&'*+/=?^`{|}~.-]{1,128}@[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/i

/** Sends by a mail server. The library is loaded with the first mail. */
export function createSmtpTransport(settings: SmtpSettings): MailTransport {
  let opened: Promise<Transporter> | undefined
  let isClosed = false
  const open = () => {
    opened ??= openTransporter(settings)
    return opened
  }
  return {
    async send(mail, signal) {
      if (isClosed) throw new MailFailure('closed', false)
      if (!plainAddress.test(mail.toEmail)) throw new MailFailure('no plain address', true)
      const transporter = await open()
      await transporter.sendMail({ ...messageOf(settings.from, mail), signal }).catch(rethrow)
    },
    async verify() {
      const transporter = await open()
      await transporter.verify().catch(rethrow)
    },
    close() {
      isClosed = true
      opened?.then(transporter => transporter.close()).catch(() => {})
    },
  }
}

async function openTransporter({ url }: SmtpSettings): Promise<Transporter> {
  const { createTransport } = await import('nodemailer')
  return createTransport({
    ...connectionOf(new URL(url)),
    ...timeouts,
    pool: true,
    maxConnections: mostConnections,
    idleTimeout: idleMs,
    // INVARIANT: a mail that may have been taken is not sent again but by the outbox (ADR 44).
    maxRequeues: 0,
    disableFileAccess: true,
    disableUrlAccess: true,
    logger: false,
  })
}

/** TLS is demanded, unless the host is this machine. */
function connectionOf({ protocol, hostname, port, username, password }: URL) {
  const secure = protocol === 'smtps:'
  const host = hostname.replace(/^\[|\]$/g, '')
  const isLocal = /^(?:localhost|.+\.localhost|127(?:\.\d+){3}|::1)$/.test(host)
  return {
    host,
    port: port === '' ? (secure ? 465 : 587) : Number(port),
    secure,
    requireTLS: !secure && !isLocal,
    ignoreTLS: !secure && isLocal,
    ...(username !== '' && {
      auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) },
    }),
  }
}

/** INVARIANT: sender and recipient are objects and the envelope is given, so no parser of addresses decides who gets a mail. */
function messageOf(from: SmtpSettings['from'], { messageKey, toEmail, subject, text, html }: RenderedMail) {
  const domain = from.address.slice(from.address.indexOf('@') + 1)
  return {
    envelope: { from: from.address, to: [toEmail] },
    from: { name: from.name, address: from.address },
    to: { name: '', address: toEmail },
    messageId: `<${messageKey}@${domain}>`,
    subject,
    text,
    html,
    // RFC 3834 section 5: out-of-office programs do not answer it.
    headers: { 'Auto-Submitted': 'auto-generated' },
  }
}

/** Refusals of this sender, this recipient or this content: another attempt is answered the same way. */
const ofTheMail = new Set(['EENVELOPE', 'EMESSAGE'])

interface SmtpError {
  readonly code?: string
  readonly responseCode?: number
  readonly response?: string
  readonly command?: string
}

function rethrow(error: SmtpError): never {
  const { code = 'error', responseCode, response = '', command } = error
  // RFC 3463: `5.1.1`. Nothing else of the answer is kept.
  const [, enhanced] = /^\d{3}[ -]([245]\.\d{1,3}\.\d{1,3})\b/.exec(response) ?? []
  const facts = [responseCode, enhanced, code, command].filter(fact => fact !== undefined && fact !== '')
  const isPermanent = ofTheMail.has(code) && responseCode !== undefined && responseCode >= 500
  throw new MailFailure(
    facts
      .join(' ')
      .replaceAll(/[^\w .-]/g, '')
      .slice(0, 100),
    isPermanent,
  )
}
