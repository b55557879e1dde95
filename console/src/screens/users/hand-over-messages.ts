import { defineMessages } from '../../i18n/index.ts'

export const useHandOverText = defineMessages('users-hand-over', {
  en: {
    onlyOnce: 'This is shown only now. Copy it before you close this window.',
    copyAndClose: 'Copy and close',
    done: 'I have handed it over',
    leaveTitle: 'Leave without copying?',
    leaveBody: 'It can’t be shown again. Copy it first, then go on.',
    email: 'Email',
    password: 'Temporary password',
    link: 'Link',
    passwordTitle: 'Give this to {{name}}',
    passwordLead:
      'They sign in with it. It stays valid until they choose another one on the page of their account, so ask them to. If it is lost, use “Reset password” here.',
    linkTitle: 'Give this link to {{name}}',
    linkLead:
      'It opens the page on which they choose a new password. It works once, for an hour. Anyone who has it can do the same.',
  },
  ru: {
    onlyOnce: 'Это показано только сейчас. Скопируйте, прежде чем закрыть окно.',
    copyAndClose: 'Скопировать и закрыть',
    done: 'Передано',
    leaveTitle: 'Уйти, не скопировав?',
    leaveBody: 'Показать это ещё раз нельзя. Сначала скопируйте.',
    email: 'Эл. почта',
    password: 'Начальный пароль',
    link: 'Ссылка',
    passwordTitle: 'Передайте это: {{name}}',
    passwordLead:
      'С этими данными можно войти. Пароль действует, пока его не сменят на странице учётной записи, поэтому попросите сменить. Если он потерян, нажмите здесь «Сбросить пароль».',
    linkTitle: 'Передайте ссылку: {{name}}',
    linkLead:
      'Она открывает страницу, где задают новый пароль. Работает один раз и в течение часа. Её обладатель сможет сделать то же самое.',
  },
})
