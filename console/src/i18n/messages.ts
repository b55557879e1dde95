import i18next from 'i18next'
import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import type { Locale } from './locale.ts'

type Plural = 'one' | 'few' | 'many' | 'other'

/** A message as it is asked for: `sessions_one` and `sessions_other` are both `sessions`. */
type Base<Key> = Key extends `${infer Name}_${Plural}` ? Name : Key
type Counted<Key> = Key extends `${infer Name}_${'one' | 'other'}` ? Name : never
type Plain<Key> = Key extends `${string}_${Plural}` ? never : Key

/** Every message of the English list, with the plural forms that Russian has. */
type Russian<En> = { readonly [Key in Plain<keyof En> & string]: string } & {
  readonly [Key in `${Counted<keyof En> & string}_${Plural}`]: string
}

export type Values = Readonly<Record<string, string | number>>

/** Gives the text of a message. `count` chooses the plural form and is shown with `{{count}}`. */
export type Text<Key extends string> = (key: Key, values?: Values) => string

/**
 * The words of one screen or component, in both languages: a missing one is a mistake of types. Gives the hook that
 * reads them; whoever uses it is drawn anew when the language changes.
 */
export function defineMessages<const En extends Readonly<Record<string, string>>>(
  name: string,
  messages: { readonly en: En; readonly ru: Russian<En> },
): () => Text<Base<keyof En> & string> {
  for (const locale of Object.keys(messages) as Locale[]) {
    register(locale, name, messages[locale])
  }
  return () => {
    const { t } = useTranslation(name)
    return useCallback((key: string, values?: Values) => t(key, { ...values }), [t])
  }
}

/** Before the languages are started the lists wait: modules are read in an order that nobody should rely on. */
function register(locale: Locale, name: string, messages: Readonly<Record<string, string>>): void {
  const add = () => i18next.addResourceBundle(locale, name, messages)
  if (i18next.isInitialized) add()
  else i18next.on('initialized', add)
}
