import { defineMessages } from '../../i18n/index.ts'

export const useInvitationText = defineMessages('account-invitation', {
  en: {
    title: 'Accept an invitation',
    lead: 'Type the code of the mail, or open its link.',
    show: 'Show the invitation',
    invited: '{{who}} invites you to open an account for {{email}}.',
    until: 'The invitation works until {{when}}.',
    password: 'Password',
    passwordHint: 'Length is what counts: a few words beat symbols.',
    again: 'Password again',
    accept: 'Accept and sign in',
    noUse: 'If you did not expect this, close the page. Without you there is no account.',
    useless: 'If the time of the invitation is over, ask who invited you to send it again.',
    hasAccount: '{{email}} has an account already. Sign in with its password.',
    done: 'Your account is there. Sign in with your new password.',
  },
  ru: {
    title: 'Приглашение',
    lead: 'Введите код из письма или откройте ссылку из него.',
    show: 'Показать приглашение',
    invited: '{{who}} приглашает вас создать учётную запись для {{email}}.',
    until: 'Приглашение действует до {{when}}.',
    password: 'Пароль',
    passwordHint: 'Важна длина: фраза из нескольких слов надёжнее спецсимволов.',
    again: 'Пароль ещё раз',
    accept: 'Принять и войти',
    noUse: 'Если вы этого не ждали, закройте страницу. Без вас учётной записи не будет.',
    useless: 'Если срок приглашения истёк, попросите пригласившего отправить его ещё раз.',
    hasAccount: 'Для {{email}} уже есть учётная запись. Войдите с её паролем.',
    done: 'Учётная запись создана. Войдите с новым паролем.',
  },
})
