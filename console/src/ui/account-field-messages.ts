import { defineMessages } from '../i18n/index.ts'

/** The fields of an account, by their names in the API. */
export const useAccountFieldText = defineMessages('account-fields', {
  en: {
    email: 'Email',
    first_name: 'First name',
    middle_name: 'Middle name',
    last_name: 'Last name',
  },
  ru: {
    email: 'Эл. почта',
    first_name: 'Имя',
    middle_name: 'Отчество',
    last_name: 'Фамилия',
  },
})
