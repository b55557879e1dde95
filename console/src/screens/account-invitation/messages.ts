import { defineMessages } from '../../i18n/index.ts'

export const useInvitationText = defineMessages('account-invitation', {
  en: {
    title: 'Accept the invitation',
    lead: 'Enter the code from the email, or open its link.',
    show: 'Show invitation',
    invited: '{{who}} invites you to create an account for {{email}}.',
    until: 'The invitation expires on {{when}}.',
    password: 'Password',
    again: 'Password again',
    accept: 'Accept and sign in',
    noUse: 'If you did not expect this, close the page. No account is created without you.',
    useless: 'If the invitation has expired, ask the person who invited you to send it again.',
    hasAccount: '{{email}} already has an account. Sign in with its password.',
    done: 'Your account is created. Sign in with your new password.',
  },
  ru: {
    title: 'Приглашение',
    lead: 'Введите код из письма или откройте ссылку из него.',
    show: 'Показать приглашение',
    invited: '{{who}} приглашает вас создать учётную запись для {{email}}.',
    until: 'Приглашение действует до {{when}}.',
    password: 'Пароль',
    again: 'Пароль ещё раз',
    accept: 'Принять и войти',
    noUse: 'Если вы этого не ждали, закройте страницу: учётная запись не будет создана.',
    useless: 'Если срок приглашения истёк, попросите пригласившего отправить его ещё раз.',
    hasAccount: 'Для {{email}} уже есть учётная запись. Войдите с паролем от неё.',
    done: 'Учётная запись создана. Войдите с новым паролем.',
  },
})
