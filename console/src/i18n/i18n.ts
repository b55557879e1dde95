import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import { type Locale, preferredLocale, rememberLocale } from './locale.ts'

/** Words come with the screens that use them (see messages.ts), so there is nothing to load here. */
export async function startI18n(): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: preferredLocale(),
    fallbackLng: 'en',
    resources: {},
    // React escapes what it shows.
    interpolation: { escapeValue: false },
  })
  showLanguage()
}

export const currentLocale = (): Locale => i18next.language as Locale

export async function changeLocale(locale: Locale): Promise<void> {
  rememberLocale(locale)
  await i18next.changeLanguage(locale)
  showLanguage()
}

/** For screen readers and hyphenation (WCAG 3.1.1). */
function showLanguage(): void {
  document.documentElement.lang = i18next.language
}
