import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Locale } from '../kernel/index.ts'
import { type MailKind, mailKinds } from './mail.ts'
import { fillTemplate, type MailTemplate, namesIn, parseTemplate } from './template.ts'
import { en } from './templates/en.ts'
import { ru } from './templates/ru.ts'

export type MailTemplates = Readonly<Record<Locale, Readonly<Record<MailKind, MailTemplate>>>>

const locales = ['en', 'ru'] as const satisfies readonly Locale[]

/** What the template of each kind may name beside `brand`. */
export const namesOfKind = {
  email_verify: ['link', 'code', 'validFor'],
  password_reset: ['link', 'code', 'validFor'],
  email_change: ['link', 'code', 'validFor'],
  email_changed: ['link', 'validFor'],
  invitation: ['link', 'code', 'validFor'],
  login_code: ['link', 'code', 'validFor'],
  security_notice: ['link', 'event', 'at', 'device', 'network'],
  address_taken: ['link'],
} as const satisfies Record<MailKind, readonly string[]>

/** Texts that are meant to be short. */
const mostBytes = 65_536

/** What is wrong with files of templates, a sentence each. */
export class TemplateFaults extends Error {
  readonly faults: readonly string[]

  constructor(faults: readonly string[]) {
    super(faults.join('\n'))
    this.name = 'TemplateFaults'
    this.faults = faults
  }
}

/**
 * The texts of all mails: those of `directory` (`en/password_reset.txt`), and ours where it has none. Throws TemplateFaults that
 * name every fault of every file.
 */
export function loadTemplates(directory: string | undefined): MailTemplates {
  const faults: string[] = []
  const found = directory === undefined ? new Map<string, string>() : readFiles(directory, faults)
  const load = (locale: Locale, ours: Readonly<Record<MailKind, string>>) =>
    Object.fromEntries(
      mailKinds.map(kind => {
        const path = `${locale}/${kind}.txt`
        const source = found.get(path) ?? ours[kind]
        return [kind, readTemplate(kind, source, fault => faults.push(`${path}: ${fault}`))]
      }),
    ) as Record<MailKind, MailTemplate>
  const templates = { en: load('en', en), ru: load('ru', ru) }
  if (faults.length > 0) throw new TemplateFaults(faults)
  return templates
}

/** The files by their paths within the directory. A file that is no template is a fault: it would have no effect. */
function readFiles(directory: string, faults: string[]): Map<string, string> {
  const found = new Map<string, string>()
  const known = new Set<string>(locales.flatMap(locale => mailKinds.map(kind => `${locale}/${kind}.txt`)))
  for (const path of listFiles(directory, faults)) {
    if (!known.has(path))
      faults.push(`${path}: there is no mail of this name. Names: ${[...known].join(', ')}`)
    else {
      const text = readText(join(directory, path))
      if (text === undefined) faults.push(`${path}: is not UTF-8 text of at most 64 KiB`)
      else found.set(path, text)
    }
  }
  return found
}

function listFiles(directory: string, faults: string[]): readonly string[] {
  try {
    return readdirSync(directory, { recursive: true, encoding: 'utf8' })
      .map(path => path.replaceAll('\\', '/'))
      .filter(path => !/(?:^|\/)\./.test(path) && statSync(join(directory, path)).isFile())
      .sort()
  } catch (error) {
    faults.push(`${directory} cannot be read (${(error as NodeJS.ErrnoException).code}): name a directory`)
    return []
  }
}

function readText(path: string): string | undefined {
  try {
    const bytes = readFileSync(path)
    return bytes.length > mostBytes ? undefined : new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

/** Ours where it has a fault: then nothing is sent with it, as the start is refused. */
function readTemplate(kind: MailKind, source: string, report: (fault: string) => void): MailTemplate {
  const template = parseTemplate(source)
  if (template === undefined) {
    report('does not begin with a line «Subject: …», perhaps one «Button: …», and an empty line')
    return parseTemplate(en[kind])!
  }
  for (const fault of faultsOf(kind, template)) report(fault)
  return template
}

function faultsOf(kind: MailKind, { subject, button, body }: MailTemplate): readonly string[] {
  const allowed: readonly string[] = ['brand', ...namesOfKind[kind]]
  let names: readonly string[]
  try {
    names = [...namesIn(subject), ...namesIn(body)]
  } catch (error) {
    return [(error as Error).message]
  }
  const unknown = [...new Set(names.filter(name => !allowed.includes(name)))]
  const faults = unknown.map(name => `{{${name}}} is not known. Known: ${allowed.join(', ')}`)
  if (/\{\{/.test(button ?? '')) faults.push('the button holds a name in {{ }}, which it cannot')
  const sample = Object.fromEntries(allowed.map(name => [name, `sample-of-${name}`]))
  return [...faults, ...placesOf(kind, fillTemplate({ subject, button, body }, sample).text.split('\n'))]
}

/** The link on a line of its own, and the code on one, directly below the link where there are both. */
function placesOf(kind: MailKind, lines: readonly string[]): readonly string[] {
  const names: readonly string[] = namesOfKind[kind]
  const at = (name: string) => lines.indexOf(`sample-of-${name}`)
  const missing = ['link', 'code'].filter(name => names.includes(name) && at(name) === -1)
  if (missing.length > 0) return missing.map(name => `{{${name}}} does not stand on a line of its own`)
  const isApart = names.includes('link') && names.includes('code') && at('code') !== at('link') + 1
  return isApart ? ['{{code}} does not stand on the line below {{link}}'] : []
}
