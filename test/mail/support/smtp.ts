import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { after } from 'node:test'
import PostalMime, { type Email } from 'postal-mime'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'

/** A mail as the server took it. */
export interface TakenMail {
  readonly from: string
  /** Who gets it, by the envelope. */
  readonly to: readonly string[]
  readonly raw: string
  readonly mail: Email
}

/** An answer in the place of 250, such as 451; `hang` for none at all. */
type Refusal = { readonly status: number; readonly text: string } | 'hang'

interface Behaviour {
  /** To `RCPT TO`. Asked at each attempt. */
  readonly onRecipient?: (address: string) => Refusal | undefined
  /** After the content. */
  readonly onContent?: (raw: string) => Refusal | undefined
}

export interface SmtpServer {
  readonly port: number
  readonly taken: readonly TakenMail[]
  /** `RCPT TO` that were asked for, refused ones too. */
  readonly asked: readonly string[]
  close(): Promise<void>
}

const refusalOf = ({ status, text }: Exclude<Refusal, 'hang'>) =>
  Object.assign(new Error(text), { responseCode: status })

/** A real SMTP server on this machine; closed after the test file. */
export async function smtpServer(
  { onRecipient, onContent }: Behaviour = {},
  { port = 0, ...options }: SMTPServerOptions & { readonly port?: number } = {},
): Promise<SmtpServer> {
  const taken: TakenMail[] = []
  const asked: string[] = []
  const server = new SMTPServer({
    authOptional: true,
    disableReverseLookup: true,
    hideSTARTTLS: true,
    closeTimeout: 100,
    ...options,
    onRcptTo({ address }, _session, callback) {
      asked.push(address)
      const refusal = onRecipient?.(address)
      if (refusal === 'hang') return
      callback(refusal && refusalOf(refusal))
    },
    async onData(stream, { envelope }, callback) {
      const chunks: Buffer[] = []
      for await (const chunk of stream) chunks.push(chunk as Buffer)
      const raw = Buffer.concat(chunks).toString('utf8')
      const refusal = onContent?.(raw)
      if (refusal === 'hang') return
      if (refusal !== undefined) return callback(refusalOf(refusal))
      taken.push({
        from: envelope.mailFrom ? envelope.mailFrom.address : '',
        to: envelope.rcptTo.map(({ address }) => address),
        raw,
        mail: await PostalMime.parse(raw),
      })
      callback()
    },
  })
  // A client that is cut off is no fault of the server.
  server.on('error', () => {})
  server.listen(port, '127.0.0.1')
  await once(server.server, 'listening')
  const close = () => new Promise<void>(resolve => server.close(() => resolve()))
  after(close)
  return { port: (server.server.address() as AddressInfo).port, taken, asked, close }
}

/** The settings of a server that sends by it. */
export const mailEnv = ({ port }: Pick<SmtpServer, 'port'>) => ({
  PROPUSK_MAIL_URL: `smtp://127.0.0.1:${port}`,
  PROPUSK_MAIL_FROM: 'Propusk <no-reply@example.org>',
  PROPUSK_PUBLIC_URL: 'https://auth.example.org',
})
