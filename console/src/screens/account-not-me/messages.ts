import { defineMessages } from '../../i18n/index.ts'

export const useNotMeText = defineMessages('not-me', {
  en: {
    title: 'This was not me',
    lead: 'If you did not do what the email describes, someone else may be using your account. When you press the button:',
    sessions: 'every device is signed out',
    password: 'your current password stops working, and so does every other link we have sent',
    keys: 'API keys created or rotated since then stop working',
    mail: 'we send you an email to set a new password',
    factor:
      'A second factor stays on and is required together with the new password. If you find one that you don’t recognize, ask the administrators of this service to remove it.',
    press: 'This was not me',
    done: 'All devices are signed out. Open the email we have just sent, and set a new password.',
    after: 'Then check your account: your email, your second factors, your API keys.',
    noLink: 'Open this page with the link from an email.',
    moved:
      'If the email of your account was changed, open the message about it at your old address: it can undo the change.',
    reset: 'Set a new password',
  },
  ru: {
    title: 'Это не я',
    lead: 'Если вы не делали того, о чём говорит письмо, вашей учётной записью может пользоваться кто-то другой. Когда вы нажмёте кнопку:',
    sessions: 'завершатся сеансы на всех устройствах',
    password: 'текущий пароль и все остальные отправленные ссылки перестанут действовать',
    keys: 'API-ключи, созданные с тех пор или получившие новый секрет, перестанут действовать',
    mail: 'мы отправим вам письмо, чтобы задать новый пароль',
    factor:
      'Второй фактор останется включён и понадобится вместе с новым паролем. Если там есть незнакомый вам фактор, попросите администраторов сервиса удалить его.',
    press: 'Это не я',
    done: 'Все сеансы завершены. Откройте письмо, которое мы только что отправили, и задайте новый пароль.',
    after: 'Затем проверьте учётную запись: эл. почту, вторые факторы, API-ключи.',
    noLink: 'Откройте эту страницу по ссылке из письма.',
    moved:
      'Если у учётной записи сменили эл. почту, откройте письмо об этом на прежнем адресе: с ним смену можно отменить.',
    reset: 'Задать новый пароль',
  },
})
