import { createRoute } from '@tanstack/react-router'
import { lazyPiece } from '../shell/missing-piece.ts'
import { NotFound } from '../shell/not-found.tsx'
import { needsSignIn, root, texts } from './root-route.ts'

const console_ = createRoute({
  getParentRoute: () => root,
  path: 'console',
  beforeLoad: needsSignIn,
  notFoundComponent: NotFound,
  component: lazyPiece(() => import('../shell/console-shell.tsx'), 'ConsoleShell'),
})

const overview = createRoute({
  getParentRoute: () => console_,
  path: '/',
  component: lazyPiece(() => import('../screens/overview/overview-screen.tsx'), 'OverviewScreen'),
})

const users = createRoute({
  getParentRoute: () => console_,
  path: 'users',
  validateSearch: texts('search', 'is_active', 'role', 'ordering', 'create'),
  component: lazyPiece(() => import('../screens/users/users-screen.tsx'), 'UsersScreen'),
})

const user = createRoute({
  getParentRoute: () => users,
  path: '$id',
  // What is to be done with the person at once, such as from the palette.
  validateSearch: texts('act'),
  component: lazyPiece(() => import('../screens/users/user-detail.tsx'), 'UserDetail'),
})

const usersImport = createRoute({
  getParentRoute: () => console_,
  path: 'users/import',
  component: lazyPiece(() => import('../screens/users/import/import-screen.tsx'), 'ImportScreen'),
})

const roles = createRoute({
  getParentRoute: () => console_,
  path: 'roles',
  validateSearch: texts('search', 'ordering', 'compare', 'create', 'resource'),
  component: lazyPiece(() => import('../screens/roles/roles-screen.tsx'), 'RolesScreen'),
})

const role = createRoute({
  getParentRoute: () => roles,
  path: '$id',
  component: lazyPiece(() => import('../screens/roles/role-detail.tsx'), 'RoleDetail'),
})

const resources = createRoute({
  getParentRoute: () => console_,
  path: 'resources',
  validateSearch: texts('search', 'ordering', 'create', 'with'),
  component: lazyPiece(() => import('../screens/catalogue/resources-screen.tsx'), 'ResourcesScreen'),
})

const resource = createRoute({
  getParentRoute: () => resources,
  path: '$id',
  component: lazyPiece(() => import('../screens/catalogue/resource-detail.tsx'), 'ResourceDetail'),
})

const actions = createRoute({
  getParentRoute: () => console_,
  path: 'actions',
  validateSearch: texts('search', 'ordering', 'create', 'with'),
  component: lazyPiece(() => import('../screens/catalogue/actions-screen.tsx'), 'ActionsScreen'),
})

const action = createRoute({
  getParentRoute: () => actions,
  path: '$id',
  component: lazyPiece(() => import('../screens/catalogue/action-detail.tsx'), 'ActionDetail'),
})

const matrix = createRoute({
  getParentRoute: () => console_,
  path: 'matrix',
  validateSearch: texts('roles', 'resource'),
  component: lazyPiece(() => import('../screens/matrix/matrix-screen.tsx'), 'MatrixScreen'),
})

const tryIt = createRoute({
  getParentRoute: () => console_,
  path: 'try',
  validateSearch: texts('user', 'resource', 'action'),
  component: lazyPiece(() => import('../screens/try-it/try-it-screen.tsx'), 'TryItScreen'),
})

const sessions = createRoute({
  getParentRoute: () => console_,
  path: 'sessions',
  validateSearch: texts('is_active', 'user_id', 'ordering', 'act'),
  component: lazyPiece(() => import('../screens/sessions/sessions-screen.tsx'), 'SessionsScreen'),
})

const session = createRoute({
  getParentRoute: () => sessions,
  path: '$id',
  component: lazyPiece(() => import('../screens/sessions/session-detail.tsx'), 'SessionDetail'),
})

const apiKeys = createRoute({
  getParentRoute: () => console_,
  path: 'api-keys',
  validateSearch: texts('search', 'owner_id', 'ordering', 'create'),
  component: lazyPiece(() => import('../screens/api-keys/api-keys-screen.tsx'), 'ApiKeysScreen'),
})

const apiKey = createRoute({
  getParentRoute: () => apiKeys,
  path: '$id',
  component: lazyPiece(() => import('../screens/api-keys/key-detail.tsx'), 'KeyDetail'),
})

const forwardRules = createRoute({
  getParentRoute: () => console_,
  path: 'forward-rules',
  validateSearch: texts('search', 'ordering', 'create'),
  component: lazyPiece(
    () => import('../screens/forward-rules/forward-rules-screen.tsx'),
    'ForwardRulesScreen',
  ),
})

const outbox = createRoute({
  getParentRoute: () => console_,
  path: 'outbox',
  validateSearch: texts('state', 'ordering'),
  component: lazyPiece(() => import('../screens/outbox/outbox-screen.tsx'), 'OutboxScreen'),
})

const invitations = createRoute({
  getParentRoute: () => console_,
  path: 'invitations',
  validateSearch: texts('search', 'state', 'ordering', 'create'),
  component: lazyPiece(() => import('../screens/invitations/invitations-screen.tsx'), 'InvitationsScreen'),
})

const audit = createRoute({
  getParentRoute: () => console_,
  path: 'audit',
  validateSearch: texts(
    ...(['actor', 'action', 'kind', 'outcome', 'address', 'target', 'q'] as const),
    ...(['period', 'since', 'until'] as const),
  ),
  component: lazyPiece(() => import('../screens/audit/audit-screen.tsx'), 'AuditScreen'),
})

const auditEvent = createRoute({
  getParentRoute: () => audit,
  path: '$id',
  component: lazyPiece(() => import('../screens/audit/audit-event-detail.tsx'), 'AuditEventDetail'),
})

const start = createRoute({
  getParentRoute: () => console_,
  path: 'start',
  component: lazyPiece(() => import('../screens/start/start-screen.tsx'), 'StartScreen'),
})

const settings = createRoute({
  getParentRoute: () => console_,
  path: 'settings',
  component: lazyPiece(() => import('../screens/settings/settings-screen.tsx'), 'SettingsScreen'),
})

/** Every component in its states: for whoever works on them, so it is not in what is built. */
const kit = createRoute({
  getParentRoute: () => console_,
  path: 'kit',
  component: import.meta.env.DEV
    ? lazyPiece(() => import('../screens/kit/kit-screen.tsx'), 'KitScreen')
    : NotFound,
})

/** The pages of the console, in their frame. */
export const consoleRoutes = console_.addChildren([
  overview,
  users.addChildren([user]),
  usersImport,
  roles.addChildren([role]),
  resources.addChildren([resource]),
  actions.addChildren([action]),
  matrix,
  tryIt,
  sessions.addChildren([session]),
  apiKeys.addChildren([apiKey]),
  forwardRules,
  outbox,
  invitations,
  audit.addChildren([auditEvent]),
  start,
  settings,
  kit,
])
