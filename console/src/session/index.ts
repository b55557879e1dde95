export {
  api,
  type Ending,
  leave,
  leaveBy,
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
