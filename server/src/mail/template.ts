import Mustache from 'mustache'

/** What a template can name, each on one line; null where there is nothing to say. */
export type TemplateValues = Readonly<Record<string, string | null>>

/** A mail before its values are put in. The text is what was written; its HTML is made from it. */
export interface MailTemplate {
  readonly subject: string
  /** What stands on the button that the link becomes in HTML; the link itself where there is none. */
  readonly button: string | null
  readonly body: string
}

/** `Subject:` and perhaps `Button:`, each on a line, then an empty line, then the text. Undefined where it is not so. */
export function parseTemplate(source: string): MailTemplate | undefined {
  const lines = source.replaceAll('\r\n', '\n').trim()
  const match = /^Subject: *(\S.*)\n(?:Button: *(\S.*)\n)?\s*\n([\s\S]+)$/.exec(lines)
  if (match === null) return undefined
  const [, subject = '', button, body = ''] = match
  return { subject: subject.trim(), button: button?.trim() ?? null, body: body.trim() }
}

type Token = readonly [type: string, value: string, start: number, end: number, inner?: readonly Token[]]

/**
 * The names in a text of a template, those of sections too. Throws an Error that says what is wrong where the text is no
 * template, or asks for what none may have: a value that is not escaped, another file, other brackets.
 */
export function namesIn(text: string): readonly string[] {
  return namesOf(Mustache.parse(text) as unknown as readonly Token[])
}

const namesOf = (tokens: readonly Token[]): readonly string[] =>
  tokens.flatMap(([type, value, , , inner]) => {
    if (['&', '{', '>', '='].includes(type))
      throw new Error(`{{${type}${value}}} is not allowed: write {{${value}}}`)
    if (type === 'name') return [value]
    return type === '#' || type === '^' ? [value, ...namesOf(inner ?? [])] : []
  })

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

export const escapeHtml = (text: string): string => text.replaceAll(/[&<>"']/g, each => entities[each]!)

/** INVARIANT: a value never begins a line, in a body or in the head of a mail. */
const onOneLine = (text: string): string => text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim()

const valuesOnOneLine = (values: TemplateValues): TemplateValues =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, value === null ? null : onOneLine(value)]),
  )

const fill = (text: string, values: TemplateValues, encode: (value: string) => string): string =>
  Mustache.render(text, values, {}, { escape: value => encode(String(value)) })

const asIs = (value: string) => value

/** Without empty lines beside each other, which a section that is not shown leaves. */
const tidy = (text: string): string => `${text.replaceAll(/\n{3,}/g, '\n\n').trim()}\n`

/** One paragraph of the body, as text or as HTML. */
const paragraphsOf = (body: string): readonly (readonly string[])[] =>
  tidy(body)
    .trim()
    .split('\n\n')
    .map(paragraph => paragraph.split('\n'))

interface FilledTemplate {
  readonly subject: string
  readonly text: string
  /** The lines of each paragraph, escaped. A line that is the link or the code says so. */
  readonly paragraphs: readonly (readonly HtmlLine[])[]
}

export interface HtmlLine {
  readonly kind: 'text' | 'link' | 'code'
  readonly html: string
}

/** Puts the values in. `link` and `code` are known by their names. */
export function fillTemplate({ subject, body }: MailTemplate, given: TemplateValues): FilledTemplate {
  const values = valuesOnOneLine(given)
  const inHtml = fill(escapeLiteral(body), values, escapeHtml)
  const { link, code } = values
  const kindOf = (html: string): HtmlLine['kind'] => {
    if (link && html === escapeHtml(link)) return 'link'
    return code && html === escapeHtml(code) ? 'code' : 'text'
  }
  return {
    subject: onOneLine(fill(subject, values, asIs)),
    text: tidy(fill(body, values, asIs)),
    paragraphs: paragraphsOf(inHtml).map(lines =>
      lines.map(line => ({ kind: kindOf(line.trim()), html: line.trim() })),
    ),
  }
}

/** What stands around the names: it is text, in HTML too. No name holds one of these characters. */
const escapeLiteral = (body: string): string =>
  body
    .split(/(\{\{[^{}]*\}\})/)
    .map((part, index) => (index % 2 === 1 ? part : escapeHtml(part)))
    .join('')
