import { IdParams, type Route, route, Type } from '../http/index.ts'
import { Rejection } from '../kernel/index.ts'
import type { RenderedMail } from '../mail/index.ts'

/** What the demo has caught. */
interface CaughtMails {
  readonly mails: readonly RenderedMail[]
}

const page = 'text/html; charset=utf-8'

/** Nothing runs, and nothing is loaded but the frame of a mail. */
const pagePolicy =
  "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

/** A mail is shown as a mailbox would: without scripts, as of a foreign origin, its links in a new tab. */
const mailPolicy =
  "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; form-action 'none'; sandbox allow-popups allow-popups-to-escape-sandbox"

const success = (description: string, headers: Readonly<Record<string, string>>) => ({
  status: 200 as const,
  description,
  schema: Type.String(),
  example: '<!doctype html>…',
  contentType: page,
  headers,
})

const common = { tag: 'Demo: mail', access: 'public' } as const

/**
 * The mails of the demo, which sends none: pages without a script, so that every flow can be tried without a mail server. The demo
 * listens on this machine alone; INVARIANT: no other server has these routes, for they show secrets to every caller.
 */
export const mailRoutes = (caught: CaughtMails): readonly Route[] => {
  const find = (id: number): RenderedMail => {
    const mail = caught.mails.find(each => each.id === id)
    if (mail === undefined) throw new Rejection('not_found')
    return mail
  }
  return [
    route({
      ...common,
      method: 'GET',
      path: '/console/mail/',
      operationId: 'listCaughtMails',
      summary: 'Look at the mails',
      description: 'The emails that the demo would have sent, the newest first, as a page.',
      success: success('The page.', { 'content-security-policy': pagePolicy }),
      handler: async () => listPage(caught.mails),
    }),
    route({
      ...common,
      method: 'GET',
      path: '/console/mail/:id/',
      operationId: 'readCaughtMail',
      summary: 'Read a mail',
      description: 'One email, as text and as HTML, as a page.',
      params: IdParams,
      success: success('The page.', { 'content-security-policy': pagePolicy }),
      rejections: ['not_found'],
      handler: async ({ params }) => mailPage(find(params.id)),
    }),
    route({
      ...common,
      method: 'GET',
      path: '/console/mail/:id/html/',
      operationId: 'showCaughtMail',
      summary: 'Show the HTML of a mail',
      description: 'What a mailbox would show, for the frame of the page.',
      params: IdParams,
      success: success('The HTML.', {
        'content-security-policy': mailPolicy,
        'x-frame-options': 'SAMEORIGIN',
      }),
      rejections: ['not_found'],
      handler: async ({ params }) => find(params.id).html.replace('<head>', '<head><base target="_blank">'),
    }),
  ]
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escapeHtml = (text: string): string => text.replaceAll(/[&<>"]/g, each => entities[each]!)

const style = `
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
  body { margin: 0 auto; max-width: 960px; padding: 24px 16px }
  table { border-collapse: collapse; width: 100% }
  th, td { text-align: start; padding: 8px; border-bottom: 1px solid #8885; overflow-wrap: anywhere }
  pre { white-space: pre-wrap; overflow-wrap: anywhere; padding: 16px; border: 1px solid #8885; border-radius: 6px }
  iframe { width: 100%; height: 560px; border: 1px solid #8885; border-radius: 6px; background: #fff }
`

const document = (title: string, body: string, head = ''): string =>
  `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${escapeHtml(title)}</title>${head}<style>${style}</style></head>
<body>${body}</body></html>
`

/** Read anew every few seconds, as a script would have to be let in to do better. */
const refresh = '<meta http-equiv="refresh" content="3">'

function listPage(mails: readonly RenderedMail[]): string {
  const rows = mails.map(
    ({ id, subject, toEmail, kind, locale }) =>
      `<tr><td><a href="${id}/">${escapeHtml(subject)}</a></td><td>${escapeHtml(toEmail)}</td><td>${kind}</td><td>${locale}</td></tr>`,
  )
  const table = `<table><thead><tr><th>Subject</th><th>To</th><th>Kind</th><th>Language</th></tr></thead><tbody>${rows.join('\n')}</tbody></table>`
  const none = '<p>None yet. Ask for a new password, for instance, and it comes here.</p>'
  return document(
    'Emails of the demo',
    `<h1>Emails of the demo</h1><p>The demo sends no email. What it would have sent is here until it stops.</p>${mails.length === 0 ? none : table}`,
    refresh,
  )
}

const mailPage = ({ subject, toEmail, text, kind }: RenderedMail): string =>
  document(
    subject,
    `<p><a href="../">All emails</a></p><h1>${escapeHtml(subject)}</h1><p>To ${escapeHtml(toEmail)}, ${kind}</p>
<h2>Text</h2><pre>${linked(escapeHtml(text))}</pre>
<h2>HTML</h2><iframe title="The mail as HTML" src="html/" sandbox="allow-popups allow-popups-to-escape-sandbox"></iframe>`,
  )

/** Lines that are a link, as mailboxes show them. */
const linked = (text: string): string =>
  text.replaceAll(
    /^https?:\/\/\S+$/gm,
    link => `<a href="${link}" target="_blank" rel="noreferrer">${link}</a>`,
  )
