import { createRootRoute, createRoute, createRouter, redirect } from '@tanstack/react-router'
import { basePath, onSessionChange, sessionState } from '../session/index.ts'
import { lazyPiece } from '../shell/missing-piece.ts'
import { NotFound, NotFoundAlone } from '../shell/not-found.tsx'
import { PageError } from '../shell/page-error.tsx'
import { queryClient } from './query-client.ts'

const root = createRootRoute({ notFoundComponent: NotFoundAlone })

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
  component: lazyPiece(() => import('../screens/sign-in/sign-in-screen.tsx'), 'SignInScreen'),
})

const register = createRoute({
  getParentRoute: () => root,
  path: 'account/register',
  validateSearch: texts('to'),
  component: lazyPiece(() => import('../screens/sign-in/register-screen.tsx'), 'RegisterScreen'),
})

const reset = createRoute({
  getParentRoute: () => root,
  path: 'account/reset',
  component: lazyPiece(() => import('../screens/account-recovery/reset-screen.tsx'), 'ResetScreen'),
})

const confirm = createRoute({
  getParentRoute: () => root,
  path: 'account/confirm',
  validateSearch: texts('email'),
  component: lazyPiece(() => import('../screens/account-recovery/confirm-screen.tsx'), 'ConfirmScreen'),
})

const activate = createRoute({
  getParentRoute: () => root,
  path: 'account/activate',
  validateSearch: texts('email'),
  component: lazyPiece(() => import('../screens/account-recovery/activate-screen.tsx'), 'ActivateScreen'),
})

const undo = createRoute({
  getParentRoute: () => root,
  path: 'account/undo',
  component: lazyPiece(() => import('../screens/account-recovery/confirm-screen.tsx'), 'UndoScreen'),
})

const code = createRoute({
  getParentRoute: () => root,
  path: 'account/code',
  validateSearch: texts('to'),
  component: lazyPiece(() => import('../screens/sign-in/code-screen.tsx'), 'CodeScreen'),
})

const invitation = createRoute({
  getParentRoute: () => root,
  path: 'account/invitation',
  component: lazyPiece(
    () => import('../screens/account-invitation/invitation-screen.tsx'),
    'InvitationScreen',
  ),
})

const setup = createRoute({
  getParentRoute: () => root,
  path: 'console/setup',
  component: lazyPiece(() => import('../screens/setup/setup-screen.tsx'), 'SetupScreen'),
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
  validateSearch: texts('is_active', 'user_id', 'ordering'),
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
  validateSearch: texts('search', 'ordering'),
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

const forward = createRoute({
  getParentRoute: () => root,
  path: 'account/forward',
  beforeLoad: needsSignIn,
  validateSearch: texts('to'),
  component: lazyPiece(() => import('../screens/forward/forward-screen.tsx'), 'ForwardScreen'),
})

const account = createRoute({
  getParentRoute: () => root,
  path: 'account',
  beforeLoad: needsSignIn,
  notFoundComponent: NotFound,
  component: lazyPiece(() => import('../shell/account-shell.tsx'), 'AccountShell'),
})

const ownProfile = createRoute({
  getParentRoute: () => account,
  path: '/',
  component: lazyPiece(() => import('../screens/account/profile-screen.tsx'), 'ProfileScreen'),
})

const ownEmail = createRoute({
  getParentRoute: () => account,
  path: 'email',
  component: lazyPiece(() => import('../screens/account-recovery/email-screen.tsx'), 'EmailScreen'),
})

const ownPassword = createRoute({
  getParentRoute: () => account,
  path: 'password',
  component: lazyPiece(() => import('../screens/account/password-screen.tsx'), 'PasswordScreen'),
})

const ownFactors = createRoute({
  getParentRoute: () => account,
  path: 'factors',
  component: lazyPiece(() => import('../screens/account-factors/factors-screen.tsx'), 'FactorsScreen'),
})

const ownDevices = createRoute({
  getParentRoute: () => account,
  path: 'devices',
  component: lazyPiece(() => import('../screens/account/devices-screen.tsx'), 'DevicesScreen'),
})

const ownEnd = createRoute({
  getParentRoute: () => account,
  path: 'close',
  component: lazyPiece(() => import('../screens/account/close-screen.tsx'), 'CloseScreen'),
})

export const router = createRouter({
  routeTree: root.addChildren([
    signIn,
    register,
    reset,
    confirm,
    activate,
    undo,
    code,
    invitation,
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
      outbox,
      invitations,
      audit.addChildren([auditEvent]),
      start,
      settings,
      kit,
    ]),
    account.addChildren([ownProfile, ownEmail, ownPassword, ownFactors, ownDevices, ownEnd]),
  ]),
  basepath: basePath || '/',
  defaultPreload: 'intent',
  defaultErrorComponent: PageError,
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
// administrator. What was read stays until its page is gone, which would otherwise ask for it once more.
let status = sessionState().status
onSessionChange(() => {
  if (sessionState().status === status) return
  status = sessionState().status
  void router.invalidate().then(() => {
    if (sessionState().status === 'out') queryClient.clear()
  })
  // Whoever leaves is led there at once: also when the server has stopped meanwhile.
  if (status === 'in') void Promise.resolve(router.loadRouteChunk(signIn)).catch(() => undefined)
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
