import { defineMessages } from '../../../i18n/index.ts'

export const useEverybodyText = defineMessages('sessions-everybody', {
  en: {
    open: 'Sign everyone out',
    title_one: 'Sign everyone out? {{count}} session ends',
    title_other: 'Sign everyone out? {{count}} sessions end',
    means:
      'Every session but yours ends at once, on all devices of all users: their next request is refused, and open pages return to sign-in. Everyone can sign in again; programs that use a session lose access until someone signs them in.',
    type_one: 'To confirm, type the number of sessions that end: {{count}}',
    type_other: 'To confirm, type the number of sessions that end: {{count}}',
    nobody: 'No one but you is signed in.',
    running: 'All sessions have ended. Recording them: {{done}} of {{total}}',
    done_one: 'Everyone is signed out: {{count}} session ended.',
    done_other: 'Everyone is signed out: {{count}} sessions ended.',
    left: 'Everyone is signed out. The server records the rest within minutes.',
  },
  ru: {
    open: 'Завершить все сеансы',
    title_one: 'Завершить все сеансы? Их {{count}}',
    title_few: 'Завершить все сеансы? Их {{count}}',
    title_many: 'Завершить все сеансы? Их {{count}}',
    title_other: 'Завершить все сеансы? Их {{count}}',
    means:
      'Все сеансы, кроме вашего, сразу завершатся у всех пользователей и на всех устройствах: следующий же запрос получит отказ, а открытые страницы перейдут на страницу входа. Войти снова может каждый; программы, которые работают через сеанс, потеряют доступ, пока кто-нибудь не войдёт за них снова.',
    type_one: 'Чтобы подтвердить, введите число сеансов: {{count}}',
    type_few: 'Чтобы подтвердить, введите число сеансов: {{count}}',
    type_many: 'Чтобы подтвердить, введите число сеансов: {{count}}',
    type_other: 'Чтобы подтвердить, введите число сеансов: {{count}}',
    nobody: 'Кроме вас, никто не вошёл.',
    running: 'Все сеансы завершены. Записываем: {{done}} из {{total}}',
    done_one: 'Все сеансы завершены: {{count}}.',
    done_few: 'Все сеансы завершены: {{count}}.',
    done_many: 'Все сеансы завершены: {{count}}.',
    done_other: 'Все сеансы завершены: {{count}}.',
    left: 'Все сеансы завершены. Остальное сервер запишет сам за несколько минут.',
  },
})
