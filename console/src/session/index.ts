export { basePath } from './base-path.ts'
export { isUnreachable, reachesServer } from './reaches-server.ts'
export { readUser } from './read-user.ts'
export {
  api,
  checkSetupLink,
  type Ending,
  enterForward,
  leave,
  leaveBy,
  makeFirstSuperuser,
  onSessionChange,
  readProfile,
  register,
  reloadProfile,
  restoreSession,
  type SessionState,
  sessionState,
  signIn,
  signInByFactor,
  signOut,
} from './session.ts'
export { useMay, useProfile, useSession } from './use-session.ts'
export { type WithVersion, withVersion } from './with-version.ts'
