import {
  Activity,
  Blocks,
  Code,
  FlaskConical,
  Grid3x3,
  KeyRound,
  type LucideIcon,
  Mail,
  MailPlus,
  MonitorSmartphone,
  ScrollText,
  Settings,
  ShieldCheck,
  Split,
  Users,
  Zap,
} from 'lucide-react'
import { defineMessages } from '../i18n/index.ts'

export const useNavigationText = defineMessages('navigation', {
  en: {
    main: 'Main navigation',
    people: 'People',
    permissions: 'Permissions',
    system: 'System',
    overview: 'Overview',
    users: 'Users',
    invitations: 'Invitations',
    sessions: 'Sessions',
    matrix: 'Matrix',
    roles: 'Roles',
    resources: 'Resources',
    actions: 'Actions',
    try: 'Access check',
    apiKeys: 'API keys',
    forwardRules: 'Forward-auth',
    mail: 'Email',
    audit: 'Audit',
    settings: 'Settings and keys',
    start: 'Quick start',
    account: 'My account',
    ownPassword: 'My password',
    ownDevices: 'My devices',
    signOut: 'Sign out',
    find: 'Search or jump to…',
    menu: 'Menu',
    console: 'Console',
    live: 'Live: changes appear automatically',
    connecting: 'Connecting: what you see may be a moment old',
    notStaff: 'The console is for staff',
    notStaffHint: 'Your account has no access to the console. Your own pages are under “My account”.',
  },
  ru: {
    main: 'Главная навигация',
    people: 'Люди',
    permissions: 'Права',
    system: 'Система',
    overview: 'Обзор',
    users: 'Пользователи',
    invitations: 'Приглашения',
    sessions: 'Сеансы',
    matrix: 'Матрица',
    roles: 'Роли',
    resources: 'Ресурсы',
    actions: 'Действия',
    try: 'Проверка доступа',
    apiKeys: 'API-ключи',
    forwardRules: 'Правила прокси',
    mail: 'Почта',
    audit: 'Журнал',
    settings: 'Настройки и ключи',
    start: 'Быстрый старт',
    account: 'Моя учётная запись',
    ownPassword: 'Мой пароль',
    ownDevices: 'Мои устройства',
    signOut: 'Выйти',
    find: 'Поиск и переход…',
    menu: 'Меню',
    console: 'Консоль',
    live: 'На связи: изменения появляются сами',
    connecting: 'Соединение: данные могли немного устареть',
    notStaff: 'Консоль — для сотрудников',
    notStaffHint:
      'У вашей учётной записи нет доступа к консоли. Ваши страницы — в разделе «Моя учётная запись».',
  },
})

export type NavigationKey = Parameters<ReturnType<typeof useNavigationText>>[0]

export interface NavigationItem {
  readonly to:
    | '/console'
    | '/console/users'
    | '/console/invitations'
    | '/console/sessions'
    | '/console/matrix'
    | '/console/roles'
    | '/console/resources'
    | '/console/actions'
    | '/console/try'
    | '/console/api-keys'
    | '/console/forward-rules'
    | '/console/outbox'
    | '/console/audit'
    | '/console/settings'
    | '/console/start'
  readonly label: NavigationKey
  readonly icon: LucideIcon
  /** What it takes to see the page. */
  readonly permission: readonly [resource: string, action: string]
  /** The second key of «g u»: go to users. */
  readonly key: string
}

interface NavigationGroup {
  readonly label?: NavigationKey
  readonly items: readonly NavigationItem[]
}

export const navigation: readonly NavigationGroup[] = [
  {
    items: [{ to: '/console', label: 'overview', icon: Activity, permission: ['audit', 'read'], key: 'o' }],
  },
  {
    label: 'people',
    items: [
      { to: '/console/users', label: 'users', icon: Users, permission: ['users', 'read'], key: 'u' },
      {
        to: '/console/invitations',
        label: 'invitations',
        icon: MailPlus,
        permission: ['users', 'read'],
        key: 'n',
      },
      {
        to: '/console/sessions',
        label: 'sessions',
        icon: MonitorSmartphone,
        permission: ['sessions', 'read'],
        key: 's',
      },
    ],
  },
  {
    label: 'permissions',
    items: [
      { to: '/console/matrix', label: 'matrix', icon: Grid3x3, permission: ['roles', 'read'], key: 'm' },
      { to: '/console/roles', label: 'roles', icon: ShieldCheck, permission: ['roles', 'read'], key: 'r' },
      {
        to: '/console/resources',
        label: 'resources',
        icon: Blocks,
        permission: ['resources', 'read'],
        key: 'e',
      },
      { to: '/console/actions', label: 'actions', icon: Zap, permission: ['actions', 'read'], key: 'c' },
      { to: '/console/try', label: 'try', icon: FlaskConical, permission: ['users', 'read'], key: 't' },
    ],
  },
  {
    label: 'system',
    items: [
      {
        to: '/console/api-keys',
        label: 'apiKeys',
        icon: KeyRound,
        permission: ['api_keys', 'read'],
        key: 'i',
      },
      {
        to: '/console/forward-rules',
        label: 'forwardRules',
        icon: Split,
        permission: ['forward_rules', 'read'],
        key: 'f',
      },
      { to: '/console/outbox', label: 'mail', icon: Mail, permission: ['mail', 'read'], key: 'l' },
      { to: '/console/audit', label: 'audit', icon: ScrollText, permission: ['audit', 'read'], key: 'a' },
      {
        to: '/console/settings',
        label: 'settings',
        icon: Settings,
        permission: ['server', 'read'],
        key: 'k',
      },
      { to: '/console/start', label: 'start', icon: Code, permission: ['resources', 'read'], key: 'q' },
    ],
  },
]

/** Pages of one's own account, which no menu of the console names one by one. */
export const ownPages = [
  { to: '/account', label: 'account', key: 'y' },
  { to: '/account/password', label: 'ownPassword', key: 'p' },
  { to: '/account/devices', label: 'ownDevices', key: 'd' },
] as const satisfies readonly { to: string; label: NavigationKey; key: string }[]
