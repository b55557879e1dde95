import { type EpochMs, type Locale, type MailId, toRfc3339 } from '../kernel/index.ts'
import type { MailTemplates } from './load-templates.ts'
import { type KnownMail, type MailKind, type NoticeEvent, noticeEvents, type OutboxMail } from './mail.ts'
import { type MailBrand, mailPage } from './mail-page.ts'
import { fillTemplate, type TemplateValues } from './template.ts'
import { enEvents } from './templates/en.ts'
import { ruEvents } from './templates/ru.ts'

/** What a mail hands over: the link and the code of a proof, and until when they work. SECRET. */
export interface MailProof {
  readonly link: string
  readonly code: string
  readonly expiresAtMs: EpochMs
}

/** A mail as it is sent. SECRET: holds its link and its code. */
export interface RenderedMail {
  readonly id: MailId
  /** The same at each attempt, and of no other mail, in another database either. */
  readonly messageKey: string
  readonly kind: MailKind
  readonly toEmail: string
  readonly locale: Locale
  readonly subject: string
  readonly text: string
  readonly html: string
}

export interface RenderDeps {
  readonly templates: MailTemplates
  readonly brand: MailBrand
  /** Of mails whose reader's language is not known. */
  readonly defaultLocale: Locale
  /** Without a slash at its end. Links are made of it alone, whatever a request says of its host. */
  readonly publicUrl: string
}

const eventTexts: Readonly<Record<Locale, Readonly<Record<NoticeEvent, string>>>> = {
  en: enEvents,
  ru: ruEvents,
}

/** The mail of a row. A mail without a proof leads to the page on which a password is reset. */
export function renderMail(
  { templates, brand, defaultLocale, publicUrl }: RenderDeps,
  mail: KnownMail,
  proof: MailProof | undefined,
  nowMs: EpochMs,
): RenderedMail {
  const locale = mail.locale ?? defaultLocale
  const template = templates[locale][mail.kind]
  const { subject, text, paragraphs } = fillTemplate(template, {
    brand: brand.name,
    link: proof?.link ?? `${publicUrl}/account/reset`,
    code: proof?.code ?? null,
    validFor: proof === undefined ? null : durationText(locale, proof.expiresAtMs - nowMs),
    ...noticeValues(locale, mail.details),
  })
  const html = mailPage({ locale, subject, paragraphs, button: template.button, brand })
  const messageKey = `${mail.createdAtMs}.${mail.id}`
  return { id: mail.id, messageKey, kind: mail.kind, toEmail: mail.toEmail, locale, subject, text, html }
}

/** Nothing of the details is taken as a text of its own but what a notice says. */
function noticeValues(locale: Locale, { event, device, network, at }: OutboxMail['details']): TemplateValues {
  const known = noticeEvents.find(each => each === event)
  return {
    event: known === undefined ? null : eventTexts[locale][known],
    device: typeof device === 'string' ? device : null,
    network: typeof network === 'string' ? network : null,
    at: typeof at === 'number' ? instantText(locale, at) : null,
  }
}

/** `30 November 2026 at 08:00 UTC`: where its reader is, the server does not know. */
function instantText(locale: Locale, atMs: EpochMs): string {
  const format = new Intl.DateTimeFormat(locale === 'en' ? 'en-GB' : 'ru', {
    dateStyle: 'long',
    timeStyle: 'short',
    timeZone: 'UTC',
  })
  return `${format.format(Date.parse(toRfc3339(atMs)))} UTC`
}

const minuteMs = 60_000

/** `1 hour`, `7 days`, in the greatest unit of which there are one and a half, or a whole number. Rounded up: sending takes a moment. */
function durationText(locale: Locale, ms: number): string {
  const minutes = Math.max(1, Math.ceil(ms / minuteMs))
  const [unit, count] =
    minutes >= 2 * 1440
      ? (['day', Math.round(minutes / 1440)] as const)
      : minutes >= 120 || minutes === 60
        ? (['hour', Math.round(minutes / 60)] as const)
        : (['minute', minutes] as const)
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(count)
}
