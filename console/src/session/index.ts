export { basePath } from './base-path.ts'
export { readUser, type VersionedUser } from './read-user.ts'
export {
  api,
  checkSetupLink,
  type Ending,
  leave,
  leaveBy,
  makeFirstSuperuser,
  onSessionChange,
  register,
  reloadProfile,
  restoreSession,
  type SessionState,
  sessionState,
  signIn,
  signOut,
} from './session.ts'
export { useMay, useProfile, useSession } from './use-session.ts'
