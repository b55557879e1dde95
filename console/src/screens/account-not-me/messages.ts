import { defineMessages } from '../../i18n/index.ts'

export const useNotMeText = defineMessages('not-me', {
  en: {
    title: 'This was not me',
    lead: 'If you did not do what the mail describes, someone else may be using your account. Press the button, and:',
    sessions: 'every device is signed out',
    password: 'the present password stops working, and so does every other link that was sent',
    keys: 'API keys that were made or got a new secret since then stop working',
    mail: 'we send you a mail to set a new password',
    factor:
      'A second factor stays on, and is asked for with the new password. If there is one that you do not know, ask the people who run this service to remove it.',
    press: 'This was not me',
    done: 'Everyone is signed out. Open the mail that we have just sent, and set a new password.',
    after: 'Then look through your account: your address, your second factors, your API keys.',
    noLink: 'This page is opened by the link of a mail.',
    moved:
      'If the address of your account was changed, open the mail about that at your old address: it undoes the change.',
    reset: 'Set a new password',
  },
  ru: {
    title: 'Это не я',
    lead: 'Если вы не делали того, о чём говорит письмо, вашей учётной записью может пользоваться кто-то другой. Нажмите кнопку, и тогда:',
    sessions: 'завершатся сеансы на всех устройствах',
    password: 'нынешний пароль и все остальные отправленные ссылки перестанут действовать',
    keys: 'API-ключи, созданные или обновлённые с тех пор, перестанут действовать',
    mail: 'мы отправим вам письмо, чтобы задать новый пароль',
    factor:
      'Второй фактор останется включён, и его спросят вместе с новым паролем. Если там есть незнакомый вам фактор, попросите администраторов сервиса удалить его.',
    press: 'Это не я',
    done: 'Все сеансы завершены. Откройте письмо, которое мы только что отправили, и задайте новый пароль.',
    after: 'Затем проверьте учётную запись: эл. почту, вторые факторы, API-ключи.',
    noLink: 'Эту страницу открывает ссылка из письма.',
    moved:
      'Если у учётной записи сменили эл. почту, откройте письмо об этом на прежнем адресе: оно отменяет смену.',
    reset: 'Задать новый пароль',
  },
})
