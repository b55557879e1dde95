/** The languages of the pages. A person's choice is kept in the browser; until then the browser's own counts. */
export const locales = ['en', 'ru'] as const

export type Locale = (typeof locales)[number]

export const localeNames = { en: 'English', ru: 'Русский' } as const satisfies Record<Locale, string>

const storageKey = 'propusk.locale'

const isLocale = (value: string | null | undefined): value is Locale => locales.some(known => known === value)

export function preferredLocale(): Locale {
  const chosen = localStorage.getItem(storageKey)
  if (isLocale(chosen)) return chosen
  const asked = navigator.languages.map(language => language.slice(0, 2).toLowerCase())
  return asked.find(isLocale) ?? 'en'
}

export const rememberLocale = (locale: Locale): void => localStorage.setItem(storageKey, locale)
