import { createRoute } from '@tanstack/react-router'
import { lazyPiece } from '../shell/missing-piece.ts'
import { NotFound } from '../shell/not-found.tsx'
import { needsSignIn, root } from './root-route.ts'

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

const ownActivity = createRoute({
  getParentRoute: () => account,
  path: 'activity',
  component: lazyPiece(() => import('../screens/account-activity/activity-screen.tsx'), 'ActivityScreen'),
})

const ownEnd = createRoute({
  getParentRoute: () => account,
  path: 'close',
  component: lazyPiece(() => import('../screens/account/close-screen.tsx'), 'CloseScreen'),
})

/** One's own pages, in theirs. */
export const accountRoutes = account.addChildren([
  ownProfile,
  ownEmail,
  ownPassword,
  ownFactors,
  ownDevices,
  ownActivity,
  ownEnd,
])
