import { defineMessages } from '../../i18n/index.ts'

export const useHandOverText = defineMessages('users-hand-over', {
  en: {
    onlyOnce: 'This is shown only once. Copy it before you close this window.',
    copyAndClose: 'Copy and close',
    done: 'I have handed it over',
    leaveTitle: 'Leave without copying?',
    leaveBody: 'It can’t be shown again. Copy it first, then go on.',
    email: 'Email',
    password: 'Temporary password',
    link: 'Link',
    passwordTitle: 'Give this to {{name}}',
    passwordLead:
      'They sign in with it. It stays valid until they change it on their account page, so ask them to. If it is lost, use “Reset password” here.',
    linkTitle: 'Give this link to {{name}}',
    linkLead:
      'It opens the page on which they choose a new password. It works once, within one hour. Anyone who has the link can use it.',
  },
  ru: {
    onlyOnce: 'Это показывается только один раз. Скопируйте, прежде чем закрыть окно.',
    copyAndClose: 'Скопировать и закрыть',
    done: 'Передано',
    leaveTitle: 'Уйти, не скопировав?',
    leaveBody: 'Показать это ещё раз нельзя. Сначала скопируйте.',
    email: 'Эл. почта',
    password: 'Начальный пароль',
    link: 'Ссылка',
    passwordTitle: 'Передайте это: {{name}}',
    passwordLead:
      'С этими данными можно войти. Пароль действует, пока его не сменят на странице учётной записи, поэтому попросите сменить. Если пароль утерян, нажмите здесь «Сбросить пароль».',
    linkTitle: 'Передайте ссылку: {{name}}',
    linkLead:
      'Она открывает страницу, где задают новый пароль. Действует один раз, в течение часа. Воспользоваться ею может любой, у кого она есть.',
  },
})
