import { createRoute } from '@tanstack/react-router'
import { lazyPiece } from '../shell/missing-piece.ts'
import { needsSignIn, root, texts } from './root-route.ts'

export const signIn = createRoute({
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

const notMe = createRoute({
  getParentRoute: () => root,
  path: 'account/not_me',
  component: lazyPiece(() => import('../screens/account-not-me/not-me-screen.tsx'), 'NotMeScreen'),
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

const forward = createRoute({
  getParentRoute: () => root,
  path: 'account/forward',
  beforeLoad: needsSignIn,
  validateSearch: texts('to'),
  component: lazyPiece(() => import('../screens/forward/forward-screen.tsx'), 'ForwardScreen'),
})

/** Pages without a frame: before one is signed in, and on the way to somewhere else. */
export const signedOutRoutes = [
  signIn,
  register,
  reset,
  confirm,
  activate,
  undo,
  notMe,
  code,
  invitation,
  setup,
  forward,
] as const
