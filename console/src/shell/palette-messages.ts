import { defineMessages } from '../i18n/index.ts'

export const usePaletteText = defineMessages('palette', {
  en: {
    placeholder: 'A person, a role, a resource, a page…',
    nothing: 'Nothing found',
    go: 'Go to',
    do: 'Commands',
    people: 'People',
    roles: 'Roles',
    resources: 'Resources',
    actions: 'Actions',
    newUser: 'New user…',
    newRole: 'New role…',
    newApiKey: 'New API key…',
  },
  ru: {
    placeholder: 'Пользователь, роль, ресурс, страница…',
    nothing: 'Ничего не найдено',
    go: 'Перейти',
    do: 'Команды',
    people: 'Пользователи',
    roles: 'Роли',
    resources: 'Ресурсы',
    actions: 'Действия',
    newUser: 'Новый пользователь…',
    newRole: 'Новая роль…',
    newApiKey: 'Новый API-ключ…',
  },
})
