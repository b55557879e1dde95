import { en, type MessageKey } from './en.ts'
import { ru } from './ru.ts'

/** A sentence for a person, not yet in a language. The HTTP layer and the command line render it. */
export interface Message {
  readonly key: MessageKey
  readonly values?: Readonly<Record<string, string | number>>
}

export const message = (key: MessageKey, values?: Message['values']): Message =>
  values === undefined ? { key } : { key, values }

export type Locale = 'en' | 'ru'

const catalogues = { en, ru }

/** The message in the given language, with `{name}` replaced by its value. */
export const render = (locale: Locale, { key, values }: Message): string =>
  catalogues[locale][key].replace(/\{(\w+)\}/g, (slot, name: string) => String(values?.[name] ?? slot))

/**
 * The language that a caller asked for (RFC 9110 section 12.5.4), English unless Russian is preferred.
 * An unreadable header is no reason to refuse: it means English.
 */
export function localeOf(acceptLanguage: string | undefined): Locale {
  if (acceptLanguage === undefined || acceptLanguage.length > 500) return 'en'
  let best: { locale: Locale; weight: number } = { locale: 'en', weight: 0 }
  for (const entry of acceptLanguage.split(',')) {
    const match = /^\s*([a-z]{1,8})(?:-[a-z0-9-]+)?\s*(?:;\s*q=([01](?:\.\d{1,3})?))?\s*$/i.exec(entry)
    if (match === null) continue
    const language = match[1]!.toLowerCase()
    const weight = match[2] === undefined ? 1 : Number(match[2])
    if ((language === 'ru' || language === 'en') && weight > best.weight) best = { locale: language, weight }
  }
  return best.locale
}
