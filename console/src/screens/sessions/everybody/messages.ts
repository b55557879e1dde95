import { defineMessages } from '../../../i18n/index.ts'

export const useEverybodyText = defineMessages('sessions-everybody', {
  en: {
    open: 'Sign everybody out',
    title_one: 'Sign everybody out? {{count}} session ends',
    title_other: 'Sign everybody out? {{count}} sessions end',
    means:
      'Every session but yours ends at once, on every device of everybody: their next request is refused, and open pages go to the door. Everybody can sign in again; services without a person lose their access until somebody signs them in.',
    type_one: 'To confirm, type the number of the session that ends: {{count}}',
    type_other: 'To confirm, type the number of sessions that end: {{count}}',
    nobody: 'Nobody but you is signed in.',
    running: 'Nobody is signed in any more. Closing the books: {{done}} of {{total}}',
    done_one: 'Everybody is signed out: {{count}} session has ended.',
    done_other: 'Everybody is signed out: {{count}} sessions have ended.',
    left: 'Everybody is signed out. The server closes the rest of the books by itself within minutes.',
  },
  ru: {
    open: 'Завершить все сеансы',
    title_one: 'Завершить сеансы всех? Их {{count}}',
    title_few: 'Завершить сеансы всех? Их {{count}}',
    title_many: 'Завершить сеансы всех? Их {{count}}',
    title_other: 'Завершить сеансы всех? Их {{count}}',
    means:
      'Сразу завершатся все сеансы, кроме вашего, у всех и на всех устройствах: следующий же запрос получит отказ, а открытые страницы уйдут ко входу. Войти снова можно каждому; службы, которые работают без человека, потеряют доступ, пока их не впустят снова.',
    type_one: 'Чтобы подтвердить, введите число сеансов: {{count}}',
    type_few: 'Чтобы подтвердить, введите число сеансов: {{count}}',
    type_many: 'Чтобы подтвердить, введите число сеансов: {{count}}',
    type_other: 'Чтобы подтвердить, введите число сеансов: {{count}}',
    nobody: 'Кроме вас, никто не вошёл.',
    running: 'Никто больше не в системе. Отмечаем сеансы: {{done}} из {{total}}',
    done_one: 'Сеансы всех завершены: {{count}}.',
    done_few: 'Сеансы всех завершены: {{count}}.',
    done_many: 'Сеансы всех завершены: {{count}}.',
    done_other: 'Сеансы всех завершены: {{count}}.',
    left: 'Сеансы всех завершены. Остальное сервер отметит сам за несколько минут.',
  },
})
