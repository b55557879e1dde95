import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { builtInActions, builtInResources } from './built-ins.ts'

interface Named {
  readonly code_name: string
  readonly name: string
}

/** The server keeps the names of its own entries in English; nobody can rename them, so they are translated here. */
export const russianNames: Readonly<Record<string, string>> = {
  users: 'Пользователи',
  roles: 'Роли',
  actions: 'Действия',
  resources: 'Ресурсы',
  permissions: 'Права',
  sessions: 'Сеансы',
  tokens: 'Токены',
  audit: 'Журнал',
  throttle: 'Ограничения входа',
  server: 'Сервер',
  api_keys: 'API-ключи',
  changes: 'Поток изменений',
  forward_rules: 'Правила прокси',
  mail: 'Почта',
  factors: 'Вторые факторы',
  read: 'Просмотр',
  create: 'Создание',
  update: 'Изменение',
  delete: 'Удаление',
  all: 'Все действия',
}

const builtIns: ReadonlySet<string> = new Set([...builtInResources, ...builtInActions])

/** What a resource or an action is called in the language that is shown. */
export function useEntryName(): (entry: Named) => string {
  const { language } = useTranslation().i18n
  return useCallback(
    ({ code_name, name }) =>
      (language === 'ru' && builtIns.has(code_name) ? russianNames[code_name] : undefined) ?? name,
    [language],
  )
}
