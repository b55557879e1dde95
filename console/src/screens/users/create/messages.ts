import { defineMessages } from '../../../i18n/index.ts'

export const useNewUserText = defineMessages('users-create', {
  en: {
    password: 'Temporary password',
    passwordHint:
      'Shown once more after this, so that you can hand it over. It stays valid until they change it on their account page.',
    passwordLeftOut: 'Generated if left empty',
    generate: 'Generate',
    roles: 'Roles',
    rolesHint: 'None yet',
    staffHint: 'Can open this console. What they see depends on their roles.',
    submit: 'Create account',
    created: 'Account created for {{name}}.',
  },
  ru: {
    password: 'Начальный пароль',
    passwordHint:
      'Будет показан ещё раз после создания, чтобы передать его. Действует, пока его не сменят на странице учётной записи.',
    passwordLeftOut: 'Пустое поле: будет сгенерирован',
    generate: 'Сгенерировать',
    roles: 'Роли',
    rolesHint: 'Пока без ролей',
    staffHint: 'Доступ к консоли. Доступные разделы зависят от ролей.',
    submit: 'Создать учётную запись',
    created: 'Учётная запись создана: {{name}}.',
  },
})
