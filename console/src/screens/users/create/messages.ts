import { defineMessages } from '../../../i18n/index.ts'

export const useNewUserText = defineMessages('users-create', {
  en: {
    password: 'First password',
    passwordHint:
      'Nobody can look it up or set it later. The person changes it on the page of their account.',
    generate: 'Make one up',
    roles: 'Roles',
    rolesHint: 'None yet',
    staffHint: 'May enter this console. What is seen there follows the roles.',
    submit: 'Create the account',
    created: '{{name}} has an account now.',
  },
  ru: {
    password: 'Первый пароль',
    passwordHint:
      'Посмотреть или задать его позже нельзя. Человек сменит его сам на странице своего аккаунта.',
    generate: 'Придумать',
    roles: 'Роли',
    rolesHint: 'Пока без ролей',
    staffHint: 'Может входить в эту консоль. Что там видно, решают роли.',
    submit: 'Создать аккаунт',
    created: 'Аккаунт создан: {{name}}.',
  },
})
