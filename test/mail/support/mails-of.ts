import assert from 'node:assert/strict'
import { eventually } from '../../support/eventually.ts'
import { outboxOf } from '../../support/proofs.ts'
import type { World } from '../../support/world.ts'
import type { SmtpServer, TakenMail } from './smtp.ts'

/** What the reader of a mail finds in it. */
export interface ReadMail {
  readonly mail: TakenMail
  /** Every address of the text and of the HTML. */
  readonly urls: readonly string[]
  /** The first one with a secret in its fragment. */
  readonly link: string | undefined
  readonly token: string | undefined
  readonly code: string | undefined
}

const urlsIn = ({ mail }: TakenMail): readonly string[] => {
  const html = (mail.html ?? '').replaceAll('&amp;', '&')
  const found = [
    ...(mail.text ?? '').matchAll(/https?:\/\/\S+/g),
    ...html.matchAll(/https?:\/\/[^\s"'<>]+/g),
  ].map(([url]) => url!)
  return [...new Set(found)]
}

/** The newest mail to an address, as its reader sees it: everything that is due has been sent by then. */
export async function newestMail(world: World, smtp: SmtpServer, email: string): Promise<ReadMail> {
  // A round that has begun already may be without the newest row.
  const isOut = async () => {
    await world.server.mail!.sendDue()
    return (await outboxOf(world, email)).every(({ state }) => state !== 'pending')
  }
  assert.ok(await eventually(isOut), `mails to ${email} wait`)
  const mail = smtp.taken.findLast(({ to }) => to.includes(email))
  assert.ok(mail, `no mail to ${email}`)
  const urls = urlsIn(mail)
  const link = urls.find(url => url.includes('#t='))
  const code = /^(\d{8})\r?$/m.exec(mail.mail.text ?? '')?.[1]
  return { mail, urls, link, token: link?.split('#t=')[1], code }
}
