export { type Instant, localeFor, useFormat } from './format.ts'
export { changeLocale, currentLocale, startI18n } from './i18n.ts'
export { type Locale, localeNames, locales } from './locale.ts'
export { defineMessages } from './messages.ts'
