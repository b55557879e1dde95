import { defineMessages } from '../i18n/index.ts'

export const usePreferencesText = defineMessages('preferences', {
  en: {
    language: 'Language',
    theme: 'Appearance',
    light: 'Light',
    dark: 'Dark',
    auto: 'System',
  },
  ru: {
    language: 'Язык',
    theme: 'Оформление',
    light: 'Светлое',
    dark: 'Тёмное',
    auto: 'Как в системе',
  },
})
