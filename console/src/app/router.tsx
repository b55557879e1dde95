import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router'
import { basePath, onSessionChange, sessionState } from '../session/index.ts'
import { NotFound } from '../shell/not-found.tsx'

const root = createRootRoute({ notFoundComponent: NotFound })

/** Values of an address are texts; what is no text, or empty, is as good as absent. */
const texts =
  <const Names extends readonly string[]>(...names: Names) =>
  (search: Record<string, unknown>): { [Name in Names[number]]?: string | undefined } =>
    Object.fromEntries(
      names
        .filter(name => search[name] !== undefined && search[name] !== '')
        .map(name => [name, String(search[name])]),
    ) as { [Name in Names[number]]?: string | undefined }

const signIn = createRoute({
  getParentRoute: () => root,
  path: 'account/sign-in',
  validateSearch: texts('to', 'email'),
  component: lazyRouteComponent(() => import('../screens/sign-in/sign-in-screen.tsx'), 'SignInScreen'),
})

const register = createRoute({
  getParentRoute: () => root,
  path: 'account/register',
  validateSearch: texts('to'),
  component: lazyRouteComponent(() => import('../screens/sign-in/register-screen.tsx'), 'RegisterScreen'),
})

const setup = createRoute({
  getParentRoute: () => root,
  path: 'console/setup',
  component: lazyRouteComponent(() => import('../screens/setup/setup-screen.tsx'), 'SetupScreen'),
})

/** Whoever is not signed in is led to the sign-in page, and back to where they were going. */
const needsSignIn = ({ location }: { location: { href: string } }) => {
  if (sessionState().status === 'out')
    throw redirect({ to: '/account/sign-in', search: { to: location.href } })
}

const console_ = createRoute({
  getParentRoute: () => root,
  path: 'console',
  beforeLoad: needsSignIn,
  component: lazyRouteComponent(() => import('../shell/console-shell.tsx'), 'ConsoleShell'),
})

const overview = createRoute({
  getParentRoute: () => console_,
  path: '/',
  component: lazyRouteComponent(() => import('../screens/overview/overview-screen.tsx'), 'OverviewScreen'),
})

const users = createRoute({
  getParentRoute: () => console_,
  path: 'users',
  validateSearch: texts('search', 'is_active', 'role', 'ordering', 'create'),
  component: lazyRouteComponent(() => import('../screens/users/users-screen.tsx'), 'UsersScreen'),
})

const user = createRoute({
  getParentRoute: () => users,
  path: '$id',
  component: lazyRouteComponent(() => import('../screens/users/user-detail.tsx'), 'UserDetail'),
})

const roles = createRoute({
  getParentRoute: () => console_,
  path: 'roles',
  validateSearch: texts('search', 'ordering', 'compare', 'create'),
  component: lazyRouteComponent(() => import('../screens/roles/roles-screen.tsx'), 'RolesScreen'),
})

const role = createRoute({
  getParentRoute: () => roles,
  path: '$id',
  component: lazyRouteComponent(() => import('../screens/roles/role-detail.tsx'), 'RoleDetail'),
})

const resources = createRoute({
  getParentRoute: () => console_,
  path: 'resources',
  validateSearch: texts('search', 'ordering', 'create', 'with'),
  component: lazyRouteComponent(() => import('../screens/catalogue/resources-screen.tsx'), 'ResourcesScreen'),
})

const resource = createRoute({
  getParentRoute: () => resources,
  path: '$id',
  component: lazyRouteComponent(() => import('../screens/catalogue/resource-detail.tsx'), 'ResourceDetail'),
})

const actions = createRoute({
  getParentRoute: () => console_,
  path: 'actions',
  validateSearch: texts('search', 'ordering', 'create', 'with'),
  component: lazyRouteComponent(() => import('../screens/catalogue/actions-screen.tsx'), 'ActionsScreen'),
})

const action = createRoute({
  getParentRoute: () => actions,
  path: '$id',
  component: lazyRouteComponent(() => import('../screens/catalogue/action-detail.tsx'), 'ActionDetail'),
})

const matrix = createRoute({
  getParentRoute: () => console_,
  path: 'matrix',
  validateSearch: texts('roles', 'resource'),
  component: lazyRouteComponent(() => import('../screens/matrix/matrix-screen.tsx'), 'MatrixScreen'),
})

const tryIt = createRoute({
  getParentRoute: () => console_,
  path: 'try',
  validateSearch: texts('user', 'resource', 'action'),
  component: lazyRouteComponent(() => import('../screens/try-it/try-it-screen.tsx'), 'TryItScreen'),
})

const sessions = createRoute({
  getParentRoute: () => console_,
  path: 'sessions',
  validateSearch: texts('is_active', 'user_id', 'ordering'),
  component: lazyRouteComponent(() => import('../screens/sessions/sessions-screen.tsx'), 'SessionsScreen'),
})

const session = createRoute({
  getParentRoute: () => sessions,
  path: '$id',
  component: lazyRouteComponent(() => import('../screens/sessions/session-detail.tsx'), 'SessionDetail'),
})

const apiKeys = createRoute({
  getParentRoute: () => console_,
  path: 'api-keys',
  validateSearch: texts('search', 'owner_id', 'ordering', 'create'),
  component: lazyRouteComponent(() => import('../screens/api-keys/api-keys-screen.tsx'), 'ApiKeysScreen'),
})

const apiKey = createRoute({
  getParentRoute: () => apiKeys,
  path: '$id',
  component: lazyRouteComponent(() => import('../screens/api-keys/key-detail.tsx'), 'KeyDetail'),
})

const forwardRules = createRoute({
  getParentRoute: () => console_,
  path: 'forward-rules',
  validateSearch: texts('search', 'ordering'),
  component: lazyRouteComponent(
    () => import('../screens/forward-rules/forward-rules-screen.tsx'),
    'ForwardRulesScreen',
  ),
})

const audit = createRoute({
  getParentRoute: () => console_,
  path: 'audit',
  validateSearch: texts('actor', 'action', 'target', 'since', 'until'),
  component: lazyRouteComponent(() => import('../screens/audit/audit-screen.tsx'), 'AuditScreen'),
})

const auditEvent = createRoute({
  getParentRoute: () => audit,
  path: '$id',
  component: lazyRouteComponent(() => import('../screens/audit/audit-event-detail.tsx'), 'AuditEventDetail'),
})

const settings = createRoute({
  getParentRoute: () => console_,
  path: 'settings',
  component: lazyRouteComponent(() => import('../screens/settings/settings-screen.tsx'), 'SettingsScreen'),
})

/** Every component in its states: for whoever works on them, so it is not in what is built. */
const kit = createRoute({
  getParentRoute: () => console_,
  path: 'kit',
  component: import.meta.env.DEV
    ? lazyRouteComponent(() => import('../screens/kit/kit-screen.tsx'), 'KitScreen')
    : NotFound,
})

const forward = createRoute({
  getParentRoute: () => root,
  path: 'account/forward',
  beforeLoad: needsSignIn,
  validateSearch: texts('to'),
  component: lazyRouteComponent(() => import('../screens/forward/forward-screen.tsx'), 'ForwardScreen'),
})

const account = createRoute({
  getParentRoute: () => root,
  path: 'account',
  beforeLoad: needsSignIn,
  component: lazyRouteComponent(() => import('../shell/account-shell.tsx'), 'AccountShell'),
})

const ownProfile = createRoute({
  getParentRoute: () => account,
  path: '/',
  component: lazyRouteComponent(() => import('../screens/account/profile-screen.tsx'), 'ProfileScreen'),
})

const ownPassword = createRoute({
  getParentRoute: () => account,
  path: 'password',
  component: lazyRouteComponent(() => import('../screens/account/password-screen.tsx'), 'PasswordScreen'),
})

const ownDevices = createRoute({
  getParentRoute: () => account,
  path: 'devices',
  component: lazyRouteComponent(() => import('../screens/account/devices-screen.tsx'), 'DevicesScreen'),
})

const ownEnd = createRoute({
  getParentRoute: () => account,
  path: 'close',
  component: lazyRouteComponent(() => import('../screens/account/close-screen.tsx'), 'CloseScreen'),
})

export const router = createRouter({
  routeTree: root.addChildren([
    signIn,
    register,
    setup,
    forward,
    console_.addChildren([
      overview,
      users.addChildren([user]),
      roles.addChildren([role]),
      resources.addChildren([resource]),
      actions.addChildren([action]),
      matrix,
      tryIt,
      sessions.addChildren([session]),
      apiKeys.addChildren([apiKey]),
      forwardRules,
      audit.addChildren([auditEvent]),
      settings,
      kit,
    ]),
    account.addChildren([ownProfile, ownPassword, ownDevices, ownEnd]),
  ]),
  basepath: basePath || '/',
  defaultPreload: 'intent',
  scrollRestoration: true,
  // Numbers and booleans in an address stay the text that they are: the API reads them.
  parseSearch: text => Object.fromEntries(new URLSearchParams(text)),
  stringifySearch: values => {
    const given = Object.entries(values).filter(([, value]) => value !== undefined && value !== '')
    const query = new URLSearchParams(given as [string, string][]).toString()
    return query === '' ? '' : `?${query}`
  },
})

// Each page judges anew whether it needs a sign-in: one may have been signed out meanwhile, in another tab or by an
// administrator.
let status = sessionState().status
onSessionChange(() => {
  if (sessionState().status === status) return
  status = sessionState().status
  void router.invalidate()
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
